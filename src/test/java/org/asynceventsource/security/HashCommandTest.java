package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void it_prints_the_line_for_a_password_given_as_argument() {
    assertThat(run("", "--realm", "http-auth@example.org", "Mufasa", "Circle of Life")).isZero();
    assertThat(out())
        .isEqualTo(
            "Mufasa:http-auth@example.org:{SHA-256}"
                + "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232\n");
    assertThat(err()).isEmpty();
  }

  @Test
  void md5_lines_are_those_of_apache_htdigest() {
    run("", "--algorithm", "md5", "--realm", "http-auth@example.org", "Mufasa", "Circle of Life");
    assertThat(out()).isEqualTo("Mufasa:http-auth@example.org:3d78807defe7de2157e2b0b6573a855f\n");
  }

  @Test
  void lines_of_other_algorithms_say_which() {
    run("", "--algorithm", "sha-512-256", "--realm", "api@example.org", "Jäsøn Doe", "x");
    assertThat(out())
        .isEqualTo(
            "Jäsøn Doe:api@example.org:{SHA-512-256}"
                + DigestHash.generateHash(
                    "Jäsøn Doe", "api@example.org", "x", DigestAlgorithm.SHA_512_256)
                + "\n");
  }

  @Test
  void it_reads_a_line_of_utf_8_from_standard_input() {
    assertThat(run("pä:ß word\nnext line\n", "admin")).isZero();
    String hash =
        DigestHash.generateHash(
            "admin", DigestHash.DEFAULT_REALM, "pä:ß word", DigestAlgorithm.SHA_256);
    assertThat(out()).isEqualTo("admin:eventsource:{SHA-256}" + hash + "\n");
  }

  @Test
  void it_prints_the_entry_for_a_token() {
    assertThat(run("0123456789abcdef\n", "--token", "alice")).isZero();
    assertThat(out())
        .isEqualTo(
            "alice:{SHA-256}9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f\n");
    assertWrong("at least 16", "--token", "alice", "hunter2");
  }

  @Test
  void wrong_usage_is_exit_status_2_with_a_message_and_without_the_password() {
    assertWrong("NAME");
    assertWrong("NAME", "a", "b", "hunter2");
    assertWrong("lacks its value", "--realm");
    assertWrong(
        "'SHA-1' but must be SHA-256, SHA-512-256 or MD5", "--algorithm", "SHA-1", "a", "hunter2");
    assertWrong("no option '--help-me'", "--help-me", "a", "hunter2");
    assertWrong("colon", "a:b", "hunter2");
    assertWrong("realm must be printable ASCII", "--realm", "é", "a", "hunter2");
    assertWrong("password is empty", "a");
    assertWrong("password is empty", "a", "");
  }

  @Test
  void a_password_may_look_like_an_option() {
    assertThat(run("", "admin", "--x")).isZero();
  }

  @Test
  void help_is_no_mistake() {
    assertThat(run("", "--help")).isZero();
    assertThat(out()).startsWith("usage: hash ");
  }

  /** The launcher runs it before any library is on the class path. */
  @Test
  void it_needs_nothing_but_the_jdk() throws Exception {
    URL classes = HashCommand.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader alone =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      Method run =
          alone
              .loadClass(HashCommand.class.getName())
              .getMethod(
                  "run", List.class, InputStream.class, PrintStream.class, PrintStream.class);
      Object status =
          run.invoke(
              null,
              List.of("admin", "secret"),
              InputStream.nullInputStream(),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8));
      assertThat(status).isEqualTo(0);
      assertThat(out()).startsWith("admin:eventsource:{SHA-256}");
    }
  }

  @Test
  void hashes_are_not_made_for_names_that_cannot_log_in() {
    assertThatThrownBy(() -> DigestHash.generateHash("a:b", "r", "p", DigestAlgorithm.MD5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DigestHash.generateHash("a", "r:s", "p", DigestAlgorithm.MD5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void assertWrong(String message, String... arguments) {
    out.reset();
    err.reset();
    assertThat(run("", arguments)).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err()).contains(message, "usage: hash ").doesNotContain("hunter2");
  }

  private int run(String input, String... arguments) {
    return HashCommand.run(
        List.of(arguments),
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
