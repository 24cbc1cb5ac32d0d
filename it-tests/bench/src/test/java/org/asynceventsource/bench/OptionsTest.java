package org.asynceventsource.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The command line")
class OptionsTest {

  @Test
  @DisplayName("without arguments asks for five rounds of everything")
  void defaults() {
    Options options = Options.parse(List.of());

    assertThat(options.runs()).isEqualTo(5);
    assertThat(options.peers()).containsExactly(Peer.values());
    assertThat(options.scenarios(Scenario.Group.REPLAY, Peer.ASYNC_JETTY))
        .containsExactly(Scenario.REPLAY);
    assertThat(options.scenarios(Scenario.Group.REPLAY, Peer.SPRING)).isEmpty();
  }

  @Test
  @DisplayName("chooses peers and scenarios, and measures them in the order of the tables")
  void choice() {
    Options options =
        Options.parse(
            List.of("--peers", "jetty,async-jetty", "--scenarios", "single-1000,flood-100"));

    assertThat(options.peers()).containsExactly(Peer.ASYNC_JETTY, Peer.JETTY);
    assertThat(options.scenarios(Scenario.Group.THROUGHPUT, Peer.JETTY))
        .containsExactly(Scenario.FLOOD_100, Scenario.SINGLE_1000);
    assertThat(options.scenarios(Scenario.Group.SLOW, Peer.JETTY)).isEmpty();
  }

  @Test
  @DisplayName("leaves slow clients out of a quick look, unless they are named")
  void quick() {
    assertThat(Options.parse(List.of("--quick")).scenarios(Scenario.Group.SLOW, Peer.ASYNC_JETTY))
        .isEmpty();
    assertThat(
            Options.parse(List.of("--quick", "--scenarios", "slow-1"))
                .scenarios(Scenario.Group.SLOW, Peer.ASYNC_JETTY))
        .containsExactly(Scenario.SLOW_1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--runs|--runs has no value; --help shows how",
        "--runs 0|--runs is '0' but must be a number from 1 to 100",
        "--rusn 1|unknown argument '--rusn'; --help lists them",
      })
  @DisplayName("says what is wrong and the remedy")
  void mistakes(String line, String message) {
    assertThatThrownBy(() -> Options.parse(List.of(line.split(" ", -1))))
        .isInstanceOf(BenchmarkException.class)
        .hasMessage(message);
  }

  @Test
  @DisplayName("lists the names that a choice can be made of")
  void names() {
    assertThatThrownBy(() -> Options.parse(List.of("--peers", "jety")))
        .hasMessageStartingWith("--peers names 'jety', which is none of async-jetty, ");
    assertThatThrownBy(() -> Options.parse(List.of("--scenarios", "flood")))
        .hasMessageStartingWith("--scenarios names 'flood', which is none of flood-100, ");
  }
}
