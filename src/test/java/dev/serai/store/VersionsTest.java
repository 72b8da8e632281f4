package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsTest {
    @ParameterizedTest
    @CsvSource({
        "9, 10",
        "1755810000000, 1755810000001",
        "2017-03-22T19:28:08Z, 2017-03-22T19:28:09Z",
        "2017-03-22T19:28:08Z, 2017-03-22T19:28:08.5Z",
        "2017-03-22T21:28:08+02:00, 2017-03-22T20:28:08Z"
    })
    void aNewerVersionRanksHigher(String older, String newer) {
        assertThat(Versions.rank(newer).orElseThrow())
                .isGreaterThan(Versions.rank(older).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2017-03-22T19:28:08", "v2", "-1", ""})
    void whatCannotBeComparedHasNoRank(String version) {
        assertThat(Versions.rank(version)).isEmpty();
    }

    @Test
    void oneMomentInTwoZonesIsOneVersion() {
        assertThat(Versions.rank("2017-03-22T21:28:08+02:00")).isEqualTo(Versions.rank("2017-03-22T19:28:08Z"));
    }
}
