package org.asynceventsource.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Settings of a server that runs by itself")
class SystemSettingsTest {

  private static final SystemSettings NONE = SystemSettings.of(Map.of(), Map.of());
  private static final Publisher PUBLISHER = new Publisher("publisher", "made,up");

  @Test
  @DisplayName("get a publisher and the names of the loopback address where nothing is set")
  void completed() {
    SystemSettings.Completed completed = NONE.complete("127.0.0.1", PUBLISHER, name -> null);

    assertThat(completed.publisherNeeded()).isTrue();
    assertThat(completed.settings().properties())
        .isEqualTo(
            Map.of(
                "eventsource.users", "publisher:{plain}made\\,up",
                "eventsource.publishers", "publisher",
                "eventsource.hosts", "localhost,127.0.0.1,[::1]"));
  }

  @Test
  @DisplayName("get no host names on another address, where only the operator knows them")
  void otherAddress() {
    assertThat(NONE.complete("0.0.0.0", PUBLISHER, name -> null).settings().properties())
        .doesNotContainKey("eventsource.hosts");
  }

  @Test
  @DisplayName("stay as they are where users, publishers and hosts are set somewhere")
  void elsewhere() {
    SystemSettings.Completed completed =
        NONE.complete(
            "127.0.0.1",
            PUBLISHER,
            Map.of("eventsource.publishers", "alice", "eventsource.hosts", "a.example")::get);

    assertThat(completed.publisherNeeded()).isFalse();
    assertThat(completed.settings().properties()).isEmpty();
  }

  @Test
  @DisplayName("never print a password")
  void printing() {
    assertThat(PUBLISHER).hasToString("Publisher[publisher]");
    assertThat(SystemSettings.of(Map.of(), Map.of("alice", "secret")))
        .hasToString("SystemSettings[eventsource.users, eventsource.publishers]");
  }

  @Test
  @DisplayName("make up a password that differs each time")
  void madeUp() {
    assertThat(Publisher.create().password())
        .matches("[a-z2-9]{20}")
        .isNotEqualTo(Publisher.create().password());
  }
}
