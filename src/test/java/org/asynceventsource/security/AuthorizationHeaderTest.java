package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationHeaderTest {

  @Test
  void parameters_are_tokens_or_quoted_strings_with_any_spaces_and_empty_elements() {
    AuthorizationHeader header =
        AuthorizationHeader.of("Digest  A=b,c = \"d, \\\"e\\\" \\\\ =\" ,, , nc=00000001,x=\"\",");
    assertThat(header.parameters())
        .containsOnlyKeys("a", "c", "nc", "x")
        .containsEntry("a", "b")
        .containsEntry("c", "d, \"e\" \\ =")
        .containsEntry("nc", "00000001")
        .containsEntry("x", "");
  }

  @Test
  void the_scheme_is_compared_in_any_case_and_whole() {
    assertThat(AuthorizationHeader.of("dIGEST a=b").hasScheme("Digest")).isTrue();
    assertThat(AuthorizationHeader.of("Digest").hasScheme("Digest")).isTrue();
    assertThat(AuthorizationHeader.of("Digester a=b").hasScheme("Digest")).isFalse();
    assertThat(AuthorizationHeader.of("Basic YTpi").hasScheme("Digest")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Digest a",
        "Digest a=",
        "Digest =b",
        "Digest a=b c=d",
        "Digest a=\"b\"c",
        "Digest a=\"b",
        "Digest a=\"b\\",
        "Digest a=\"b\\\"",
        "Digest a=b\"c\"",
        "Digest a=/b",
        "Digest a='b c'",
        "Digest a=b;c=d",
        "Digest a=b, a=c",
        "Digest a=b, A=\"b\"",
        "Digest ä=b",
        "Digest a=ä",
        "Digest a==b",
        "Digest \"a\"=b",
      })
  void what_is_no_list_of_parameters_is_malformed(String field) {
    assertThatThrownBy(() -> AuthorizationHeader.of(field).parameters())
        .isInstanceOf(MalformedCredentialsException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\t", "\r", "\n", "\u001f", "\u007f"})
  void control_characters_are_malformed_wherever_they_are(String control) {
    for (String field : new String[] {"Digest a=\"" + control + "\"", "Basic" + control}) {
      assertThatThrownBy(() -> AuthorizationHeader.of(field))
          .isInstanceOf(MalformedCredentialsException.class)
          .hasMessageContaining("control character");
    }
  }

  @Test
  void more_than_8_kilobytes_are_malformed() {
    String longest = "Digest a=" + "b".repeat(AuthorizationHeader.MAX_LENGTH - 9);
    assertThat(AuthorizationHeader.of(longest).parameters()).containsOnlyKeys("a");
    assertThatThrownBy(() -> AuthorizationHeader.of(longest + "b"))
        .isInstanceOf(MalformedCredentialsException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void two_header_fields_are_malformed_even_if_they_agree() {
    FakeRequest request = FakeRequest.get().authorization("Digest a=b").authorization("Digest a=b");
    assertThatThrownBy(() -> AuthorizationHeader.of(request.build()))
        .isInstanceOf(MalformedCredentialsException.class)
        .hasMessageContaining("more than one");
  }

  @Test
  void no_header_field_is_no_credentials() {
    assertThat(AuthorizationHeader.of(FakeRequest.get().build())).isEmpty();
  }

  @Test
  void random_text_is_parsed_or_malformed_and_nothing_else() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "ab=\",\\ \t%é/";
    int malformed = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder field = new StringBuilder("Digest ");
      random
          .ints(random.nextInt(24), 0, alphabet.length())
          .forEach(c -> field.append(alphabet.charAt(c)));
      try {
        AuthorizationHeader.of(field.toString()).parameters();
      } catch (MalformedCredentialsException expected) {
        malformed++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", field: " + field, e);
      }
    }
    assertThat(malformed).as("seed " + seed).isBetween(1, 99_999);
  }

  @Test
  void names_are_read_as_utf_8_or_else_as_latin_1() {
    assertThat(HeaderText.decode("JÃ¤sÃ¸n")).isEqualTo("Jäsøn");
    assertThat(HeaderText.decode("Jäsøn")).isEqualTo("Jäsøn");
    assertThat(HeaderText.decode("Jäsøn €")).isEqualTo("Jäsøn €");
  }
}
