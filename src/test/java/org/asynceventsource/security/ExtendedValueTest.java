package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An extended value")
class ExtendedValueTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "UTF-8''J%C3%A4s%C3%B8n%20Doe, Jäsøn Doe",
        "utf-8'en'%c2%a3%20rates, £ rates",
        "UTF-8'de-CH-1996'a, a",
        "UTF-8''!#$&+-.^_`|~09azAZ, !#$&+-.^_`|~09azAZ",
        "UTF-8''%22%5C%27%25%2A, \"\"\"\\'%*\"",
        "UTF-8''%F0%9F%8D%B5, 🍵",
      })
  @DisplayName("means what RFC 8187 says")
  void decoded(String value, String text) {
    assertThat(ExtendedValue.decode("username*", value)).isEqualTo(text);
  }

  @Test
  @DisplayName("may mean nothing")
  void empty() {
    assertThat(ExtendedValue.decode("username*", "UTF-8''")).isEmpty();
  }

  /** Attack: a pattern that recurses runs out of stack. */
  @Test
  @DisplayName("may be as long as a header field")
  void longest() {
    int letters = AuthorizationHeader.MAX_LENGTH / 3;
    assertThat(ExtendedValue.decode("username*", "UTF-8''" + "%41".repeat(letters)))
        .isEqualTo("A".repeat(letters));
  }

  /** Attack: what is read in two ways is one user for us and another for whoever stands before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "admin",
        "''admin",
        "UTF-8'admin",
        "ISO-8859-1''%E4",
        "UTF-16''a",
        "UTF-8'e n'a",
        "UTF-8''a b",
        "UTF-8''a'b",
        "UTF-8''a*",
        "UTF-8''ä",
        "UTF-8''%",
        "UTF-8''%4",
        "UTF-8''%4g",
        "UTF-8''%-1",
        "UTF-8''%FF",
        "UTF-8''%C3",
        "UTF-8''%C0%80",
        "UTF-8''%ED%A0%80",
        "UTF-8''%00",
        "UTF-8''a%0Ab",
        "UTF-8''%7F",
        "UTF-8''%C2%85",
      })
  @DisplayName("is refused if anything about it is doubtful, and isn't repeated")
  void refused(String value) {
    assertThatThrownBy(() -> ExtendedValue.decode("username*", value))
        .isInstanceOfSatisfying(
            MalformedCredentialsException.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(
                        "parameter 'username*' of Authorization must be UTF-8'' and percent-coded"
                            + " UTF-8 (RFC 8187)"));
  }
}
