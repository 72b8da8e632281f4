package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final String OLD = "ab".repeat(32);
    private static final String NEW = Base64.getEncoder().encodeToString(new byte[32]);

    @Test
    void whatIsSealedIsReadAgainAndNeverTheSameTwice() {
        Seal seal = Seal.of(OLD);
        String sealed = seal.seal("crm", "api-key", "s3cret");
        assertThat(seal.open("crm", "api-key", sealed)).isEqualTo("s3cret");
        assertThat(sealed).doesNotContain("s3cret").isNotEqualTo(seal.seal("crm", "api-key", "s3cret"));
    }

    @Test
    void theFirstKeyWritesAndAllRead() {
        String sealed = Seal.of(OLD).seal("crm", "api-key", "s3cret");
        Seal both = Seal.of(NEW + ",\n" + OLD);
        assertThat(both.open("crm", "api-key", sealed)).isEqualTo("s3cret");
        assertThat(Seal.of(NEW).open("crm", "api-key", both.seal("crm", "api-key", "s3cret")))
                .isEqualTo("s3cret");
        assertThatThrownBy(() -> Seal.of(NEW).open("crm", "api-key", sealed))
                .hasMessageMatching(
                        "crm: the stored \"api-key\" can't be read: it was encrypted with key \\S{8}, which is"
                                + " not among serai.secrets.key; add that key after the first");
    }

    @Test
    void aValueInAnotherRowOrChangedByAByteOpensNothing() {
        Seal seal = Seal.of(OLD);
        String sealed = seal.seal("crm", "api-key", "s3cret");
        for (List<String> row : List.of(List.of("shop", "api-key"), List.of("crm", "token"))) {
            assertThatThrownBy(() -> seal.open(row.get(0), row.get(1), sealed))
                    .isInstanceOf(Seal.Unusable.class)
                    .hasMessageContaining("its row was made for another connection or name");
        }
        for (int i = 0; i < sealed.length(); i += 7) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertThatThrownBy(() -> seal.open("crm", "api-key", changed))
                    .as("at " + i)
                    .isInstanceOf(Seal.Unusable.class);
        }
    }

    @Test
    void aKeyThatIsNoneIsRefusedAndNotQuoted() {
        assertThatThrownBy(() -> Seal.of(OLD + ",short-secret"))
                .hasMessage(
                        "serai.secrets.key: key 2 is not 32 bytes as hexadecimal digits or base64; make one: openssl"
                                + " rand -hex 32");
        assertThat(Seal.of(" ").usable()).isFalse();
        assertThatThrownBy(() -> Seal.of("").seal("crm", "api-key", "x"))
                .hasMessageContaining("no key is set: put one into serai.secrets.key");
    }
}
