package org.asynceventsource.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The way of a request")
class ForwardingTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
    "2001:DB8:1:2::, 2001:db8:1:2::/64",
    "[2001:db8:1:2::9], 2001:db8:1:2::/64",
    "::1, 0:0:0:0::/64",
    "fe80::1%1, fe80:0:0:0::/64",
    "::ffff:192.0.2.1, 192.0.2.1",
    "unknown, unknown",
    "no:address, no:address",
    "'', ''",
  })
  @DisplayName("begins at an IPv4 address or at 64 bits of IPv6")
  void network(String address, String network) {
    assertThat(Forwarding.network(address)).isEqualTo(network);
  }
}
