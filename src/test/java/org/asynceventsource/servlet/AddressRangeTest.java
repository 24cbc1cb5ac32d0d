package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A range of addresses")
class AddressRangeTest {

  @ParameterizedTest(name = "{0} has {1}")
  @DisplayName("contains what its prefix covers")
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "10.0.0.0/8, 10.255.255.255",
    "10.1.2.3/8, 10.9.9.9",
    "192.168.4.0/22, 192.168.7.255",
    "0.0.0.0/0, 203.0.113.9",
    "10.0.0.0/8, ::ffff:10.0.0.1",
    "::ffff:10.0.0.1, 10.0.0.1",
    "::1, 0:0:0:0:0:0:0:1",
    "[::1], [::1]",
    "fd00::/8, fdff::1",
    "fe80::/10, fe80::1%eth0",
    "::/0, 2001:db8::1"
  })
  void contains(String range, String address) {
    assertThat(AddressRange.parse(range).orElseThrow().contains(address)).isTrue();
  }

  @ParameterizedTest(name = "{0} lacks {1}")
  @DisplayName("contains nothing else")
  @CsvSource({
    "127.0.0.1, 127.0.0.2",
    "10.0.0.0/8, 11.0.0.0",
    "192.168.4.0/22, 192.168.8.0",
    "0.0.0.0/0, ::1",
    "::/0, 10.0.0.1",
    "fd00::/8, fe00::1",
    "127.0.0.1, localhost",
    "127.0.0.1, unknown",
    "127.0.0.1, ''"
  })
  void lacks(String range, String address) {
    assertThat(AddressRange.parse(range).orElseThrow().contains(address)).isFalse();
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is nothing that would have to be looked up or guessed")
  @ValueSource(
      strings = {
        "",
        "localhost",
        "example.com",
        "10",
        "10.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "10.0.0.1.",
        "10.0.0.1.2",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        ":",
        ":::",
        "1::2::3",
        "12345::",
        "::1/129",
        "[::1",
        "dead.beef"
      })
  void refused(String text) {
    assertThat(AddressRange.parse(text)).isEmpty();
  }
}
