package org.asynceventsource.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command line")
class CommandLineTest {

  @Test
  @DisplayName("without arguments serves on the loopback address and port 8080")
  void defaults() {
    Invocation.Serve serve = serve();

    assertThat(serve.options()).isEqualTo(new ServerOptions("127.0.0.1", 8080, 200, List.of()));
    assertThat(serve.settings().properties()).isEmpty();
  }

  @Test
  @DisplayName("takes each option's value behind a space or an equals sign")
  void options() {
    assertThat(serve("--port", "0", "--host=0.0.0.0", "--threads=8").options())
        .isEqualTo(new ServerOptions("0.0.0.0", 0, 8, List.of()));
    assertThat(serve("--virtual-host", "a.example", "--virtual-host=b.example").options())
        .extracting(ServerOptions::virtualHosts)
        .isEqualTo(List.of("a.example", "b.example"));
  }

  @Test
  @DisplayName("sets any setting; the last of a name wins and a value may hold equals signs")
  void settings() {
    assertThat(serve("-Deventsource.demo=false", "-Deventsource.demo=true", "-Dx=a=b").settings())
        .extracting(SystemSettings::properties)
        .isEqualTo(Map.of("eventsource.demo", "true", "x", "a=b"));
  }

  @Test
  @DisplayName("hands users to the application, each of them a publisher")
  void users() {
    assertThat(serve("--user", "alice:se:cret", "--user=bob:a,b\\c").settings())
        .extracting(SystemSettings::properties)
        .isEqualTo(
            Map.of(
                "eventsource.users", "alice:{plain}se:cret,bob:{plain}a\\,b\\\\c",
                "eventsource.publishers", "alice,bob"));
  }

  @Test
  @DisplayName("leaves publishers alone that are set")
  void publishers() {
    assertThat(serve("--user", "alice:secret", "-Deventsource.publishers=").settings().properties())
        .containsEntry("eventsource.publishers", "");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--port x|--port is 'x' but must be a number from 0 to 65535",
        "--port -1|--port is '-1' but must be a number from 0 to 65535",
        "--port 65536|--port is '65536' but must be a number from 0 to 65535",
        "--port|--port has no value; --help shows how to write it",
        "--port= |--port has no value; --help shows how to write it",
        "--host --port|--host has no value; --help shows how to write it",
        "--threads 3|--threads is '3' but must be a number from 4 to 10000",
        "8080|unknown argument '8080'; --help lists them",
        "--prot=1|unknown argument '--prot'; --help lists them",
        "-Deventsource.demo|'-Deventsource.demo' has no value; write -Deventsource.demo=VALUE",
        "-D=x|'-D' names no setting; write -Deventsource.NAME=VALUE",
        "--user secret|--user must be written NAME:PASSWORD, neither of them empty",
        "--user :secret|--user must be written NAME:PASSWORD, neither of them empty",
        "--user alice:|--user must be written NAME:PASSWORD, neither of them empty",
        "--user a:b --user a:c|--user names 'a' twice; give each user once",
        "--user a:b -Deventsource.users=c:d"
            + "|users are given both by --user and by -Deventsource.users; use one of them",
      })
  @DisplayName("says what is wrong and the remedy")
  void mistakes(String line, String message) {
    assertThatThrownBy(() -> CommandLine.parse(line.split(" ", -1)))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "--port 1 --help --nonsense"})
  @DisplayName("shows help and forgives what follows")
  void help(String line) {
    assertThat(CommandLine.parse(line.split(" ", -1))).isInstanceOf(Invocation.Help.class);
  }

  @Test
  @DisplayName("shows the version")
  void version() {
    assertThat(CommandLine.parse("--version")).isInstanceOf(Invocation.Version.class);
  }

  @Test
  @DisplayName("hands all that follows the word hash to that command")
  void hash() {
    assertThat(CommandLine.parse("hash", "--realm", "r", "alice"))
        .isEqualTo(new Invocation.Hash(List.of("--realm", "r", "alice")));
  }

  private static Invocation.Serve serve(String... arguments) {
    return (Invocation.Serve) CommandLine.parse(arguments);
  }
}
