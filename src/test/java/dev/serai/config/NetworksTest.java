package dev.serai.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of whom something counts. */
class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "0:0:0:0:0:ffff:c000:0201, 192.0.2.1",
        "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
        "2001:DB8:1:2::, 20010db800010002/64",
        "2001:db8:1:3::1, 20010db800010003/64",
        "fe80::1%eth0, fe80000000000000/64",
        "::1, 0000000000000000/64",
        "unknown, unknown"
    })
    void ofIpv6ANetworkCountsAndOfIpv4AnAddress(String address, String counted) {
        assertThat(Networks.subscriber(address)).isEqualTo(counted);
    }

    @Test
    void aNameIsNeverAskedFor() {
        assertThat(Networks.subscriber("localhost")).isEqualTo("localhost");
    }
}
