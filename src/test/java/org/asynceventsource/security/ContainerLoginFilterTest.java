package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import org.asynceventsource.test.LogRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Where the container logs callers in, a request")
class ContainerLoginFilterTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final RecordedResponse response = new RecordedResponse();
  private boolean guarded = true;
  private int passed;

  private void filter(HttpServletRequest request) throws Exception {
    new ContainerLoginFilter(any -> guarded)
        .doFilter(request, response.asResponse(), (in, out) -> passed++);
  }

  @Test
  @DisplayName("passes with a caller, and the container isn't asked again")
  void caller() throws Exception {
    filter(FakeRequest.get().by("alice").build());
    assertThat(passed).isEqualTo(1);
    response.assertUntouched();
  }

  @Test
  @DisplayName("passes without a caller where none is needed")
  void open() throws Exception {
    guarded = false;
    filter(FakeRequest.get().build());
    assertThat(passed).isEqualTo(1);
  }

  @Test
  @DisplayName("without a caller passes if the container asks, and is satisfied")
  void asked() throws Exception {
    filter(new Container(true, "alice"));
    assertThat(passed).isEqualTo(1);
    response.assertUntouched();
  }

  @Test
  @DisplayName("without a caller is answered as the container does it")
  void challenged() throws Exception {
    filter(
        new Container(false, null) {
          @Override
          public boolean authenticate(HttpServletResponse answer) {
            answer.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            return false;
          }
        });
    assertThat(passed).isZero();
    assertThat(response.status()).isEqualTo(401);
    assertThat(response.body()).isEmpty();
  }

  /** Attack: the container is set up so that it takes everybody for authenticated, as nobody. */
  @Test
  @DisplayName("is refused if the container is satisfied with nobody")
  void nobody() throws Exception {
    filter(new Container(true, null));
    assertRefused();
  }

  @Test
  @DisplayName("is refused if the container neither lets it pass nor answers it")
  void unanswered() throws Exception {
    filter(new Container(false, null));
    assertRefused();
  }

  @Test
  @DisplayName("is refused if the container can't log in at all, and the log says so")
  void unable() throws Exception {
    filter(
        new Container(false, null) {
          @Override
          public boolean authenticate(HttpServletResponse answer) throws ServletException {
            throw new ServletException("no login");
          }
        });
    assertRefused();
    assertThat(log.text()).contains("the container can't log callers in");
  }

  private void assertRefused() {
    assertThat(passed).isZero();
    response.assertRefused(403, "login required, but the container has asked for none");
  }

  private static class Container extends HttpServletRequestWrapper {

    private final boolean satisfied;
    private final @Nullable String caller;
    private boolean asked;

    Container(boolean satisfied, @Nullable String caller) {
      super(FakeRequest.get().build());
      this.satisfied = satisfied;
      this.caller = caller;
    }

    @Override
    public boolean authenticate(HttpServletResponse answer) throws ServletException {
      asked = true;
      return satisfied;
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
      return asked && caller != null ? () -> caller : null;
    }
  }
}
