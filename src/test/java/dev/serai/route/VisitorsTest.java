package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.config.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of whom a failed login counts. */
class VisitorsTest {
    private static String from(String proxies, String heard, String... forwarded) {
        return new Visitors(Networks.read(proxies).orElseThrow()).address(heard, List.of(forwarded));
    }

    @Test
    void whatAnybodyWritesIsNotBelievedUnlessAProxyIsTrusted() {
        assertThat(from("", "10.0.0.5", "192.0.2.1")).isEqualTo("10.0.0.5");
        assertThat(from("10.0.0.6", "10.0.0.5", "192.0.2.1")).isEqualTo("10.0.0.5");
        assertThat(from("10.0.0.5", "10.0.0.5")).isEqualTo("10.0.0.5");
    }

    @Test
    void ofWhatProxiesToldTheLastThatIsNoProxyCounts() {
        assertThat(from("10.0.0.5", "10.0.0.5", "203.0.113.9, 192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(from("10.0.0.0/8", "10.0.0.5", "203.0.113.9, 192.0.2.1", "10.1.2.3"))
                .isEqualTo("192.0.2.1");
        assertThat(from("10.0.0.0/8", "10.0.0.5", "10.1.2.3")).isEqualTo("10.1.2.3");
    }

    @Test
    void portsAndBracketsAreTakenOffAndWhatIsNoAddressEndsIt() {
        assertThat(from("10.0.0.5", "10.0.0.5", "192.0.2.1:4711")).isEqualTo("192.0.2.1");
        assertThat(from("fd00::/8", "fd00::5", "[2001:db8::1]:4711")).isEqualTo("2001:db8::1");
        assertThat(from("fd00::/8", "fd00::5", "2001:db8::1")).isEqualTo("2001:db8::1");
        for (String nobody : List.of("", "unknown", "evil.example", "1.2.3", "999.1.1.1", "192.0.2.1\r\nX: y")) {
            assertThat(from("10.0.0.5", "10.0.0.5", nobody)).as(nobody).isEqualTo("10.0.0.5");
        }
    }
}
