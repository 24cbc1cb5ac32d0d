package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFilterTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private static final AccessRules ADMIN = new AccessRules(true, Set.of("admin"));
  private static final AccessRules NOBODY = new AccessRules(true, Set.of());

  private final RecordedResponse response = new RecordedResponse();
  private boolean passed;

  @ParameterizedTest
  @CsvSource({
    "GET, true, true",
    "HEAD, true, true",
    "GET, false, false",
    "POST, false, true",
    "PUT, true, true",
    "DELETE, true, false",
    "OPTIONS, true, false",
    "TRACE, true, false",
    "get, true, false",
  })
  void reading_is_guarded_if_the_rules_say_so_and_publishing_always(
      String method, boolean readingGuarded, boolean guarded) {
    AccessRules rules = new AccessRules(readingGuarded, Set.of("admin"));
    assertThat(rules.guards(FakeRequest.of(method, "/events").build())).isEqualTo(guarded);
  }

  @Test
  void nobody_is_asked_for_a_password_that_could_not_help() {
    assertThat(NOBODY.guards(FakeRequest.of("POST", "/events").build())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT"})
  void a_publisher_passes(String method) throws Exception {
    filter(ADMIN, FakeRequest.of(method, "/events").by("admin"));
    assertThat(passed).isTrue();
    response.assertUntouched();
  }

  /** Attack: a mere reader publishes. */
  @Test
  void another_user_is_refused_and_told_which_setting_decides() throws Exception {
    filter(ADMIN, FakeRequest.of("POST", "/events").by("reader"));
    assertThat(passed).isFalse();
    response.assertRefused(403, "'eventsource.publishers'");
  }

  @Test
  void without_publishers_everybody_is_refused_and_told_which_setting_decides() throws Exception {
    filter(NOBODY, FakeRequest.of("POST", "/events").by("admin"));
    assertThat(passed).isFalse();
    response.assertRefused(403, "'eventsource.publishers'");
  }

  @Test
  void with_publishers_but_without_a_login_everybody_is_refused() throws Exception {
    filter(ADMIN, FakeRequest.of("POST", "/events"));
    assertThat(passed).isFalse();
    response.assertRefused(403, "'eventsource.users'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "PATCH"})
  void what_neither_publishes_nor_reads_what_is_guarded_passes(String method) throws Exception {
    filter(new AccessRules(false, Set.of()), FakeRequest.of(method, "/events"));
    assertThat(passed).isTrue();
  }

  /** Attack: a request arrives on a way where nobody has asked who it is. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void guarded_reading_without_a_login_is_refused_here_too(String method) throws Exception {
    filter(NOBODY, FakeRequest.of(method, "/events"));
    assertThat(passed).isFalse();
    response.assertRefused(403, "reading needs a login");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void guarded_reading_with_a_login_passes(String method) throws Exception {
    filter(NOBODY, FakeRequest.of(method, "/events").by("reader"));
    assertThat(passed).isTrue();
    response.assertUntouched();
  }

  @Test
  void each_reason_is_logged_once_and_names_no_user() throws Exception {
    AccessFilter filter = new AccessFilter(ADMIN, "/events");
    for (String user : new String[] {"bob", "eve", "bob"}) {
      FakeRequest request = FakeRequest.of("POST", "/events").by(user);
      filter.doFilter(request.build(), response.asResponse(), (r, a) -> passed = true);
    }
    assertThat(log.messages())
        .containsExactly(
            "a request was answered 403: this user may not publish; the setting"
                + " 'eventsource.publishers' names those who may");
    assertThat(passed).isFalse();
  }

  @Test
  void the_rules_keep_the_names_they_were_given() {
    Set<String> names = new HashSet<>(Set.of("admin"));
    AccessRules rules = new AccessRules(false, names);
    names.add("eve");
    assertThat(rules.publishers()).containsExactly("admin");
  }

  private void filter(AccessRules rules, FakeRequest request) throws Exception {
    new AccessFilter(rules, "/events")
        .doFilter(request.build(), response.asResponse(), (r, a) -> passed = true);
  }
}
