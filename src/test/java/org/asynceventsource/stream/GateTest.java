package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.test.LogRecords;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The gate of an event source")
class GateTest {

  private final ServletContext context = ManualStream.context();
  private final Gate gate = new Gate(context);
  private final List<String> passed = new ArrayList<>();
  private final HttpServletRequest request =
      Stub.of(HttpServletRequest.class).on("getHeader", arguments -> "acme").build();

  @Test
  @DisplayName("is open until something is put there")
  void open() throws IOException, ServletException {
    gate.pass(request, null, (rq, rs) -> passed.add("end"));

    assertThat(passed).containsExactly("end");
    assertThat(gate.accepts(request)).isTrue();
    assertThat(gate.authorizes(request)).isTrue();
  }

  @Test
  @DisplayName("sends requests through its middleware in the order of adding")
  void order() throws IOException, ServletException {
    gate.middleware().add(passing("first"));
    gate.middleware().add(passing("second"));
    gate.pass(request, null, (rq, rs) -> passed.add("end"));

    assertThat(passed).containsExactly("first", "second", "end", "second out", "first out");
  }

  @Test
  @DisplayName("lets a filter keep a request back")
  void keepsBack() throws IOException, ServletException {
    gate.middleware().add((rq, rs, chain) -> passed.add("refused"));
    gate.middleware().add(passing("never"));
    gate.pass(request, null, (rq, rs) -> passed.add("end"));

    assertThat(passed).containsExactly("refused");
  }

  @Test
  @DisplayName("initialises a filter as a container would, and destroys it at the end")
  void lifeCycle() {
    Recording filter = new Recording(null);
    gate.middleware().add(filter);
    gate.close();

    assertThat(filter.config.getServletContext()).isSameAs(context);
    assertThat(filter.config.getFilterName()).isEqualTo(Recording.class.getName());
    assertThat(filter.config.getInitParameter("any")).isNull();
    assertThat(Collections.list(filter.config.getInitParameterNames())).isEmpty();
    assertThat(filter.destroyed).isEqualTo(1);
  }

  @Test
  @DisplayName("destroys all filters, though one of them fails")
  void failingDestroy() {
    Recording last = new Recording(null);
    gate.middleware()
        .add(
            new Filter() {
              @Override
              public void doFilter(ServletRequest rq, ServletResponse rs, FilterChain chain) {}

              @Override
              public void destroy() {
                throw new IllegalStateException("no connection");
              }
            });
    gate.middleware().add(last);
    gate.close();

    assertThat(last.destroyed).isEqualTo(1);
  }

  @Test
  @DisplayName("refuses a filter that can't be initialised, and says which")
  void failingInit() throws IOException, ServletException {
    assertThatThrownBy(() -> gate.middleware().add(new Recording("no key file")))
        .isInstanceOf(EventSourceException.class)
        .hasMessage("middleware %s can't be initialised: no key file", Recording.class.getName());
    gate.pass(request, null, (rq, rs) -> passed.add("end"));
    assertThat(passed).containsExactly("end");
  }

  @Test
  @DisplayName(
      "sends requests through the middleware of all event sources first, unless told not to")
  void common() throws IOException, ServletException {
    MiddlewareChain all = new MiddlewareChain(context);
    gate.middleware().add(passing("own"));
    gate.standBehind(all);
    all.add(passing("common"));
    gate.pass(request, null, (rq, rs) -> passed.add("end"));
    assertThat(passed).containsExactly("common", "own", "end", "own out", "common out");

    passed.clear();
    gate.standAlone();
    gate.pass(request, null, (rq, rs) -> passed.add("end"));
    assertThat(passed).containsExactly("own", "end", "own out");
  }

  @Test
  @DisplayName("forgets a filter that is removed, as often as it was added")
  void removed() throws IOException, ServletException {
    Filter twice = passing("removed");
    gate.middleware().add(twice);
    gate.middleware().add(passing("stays"));
    gate.middleware().add(twice);

    assertThat(gate.middleware().remove(twice)).isTrue();
    assertThat(gate.middleware().remove(twice)).isFalse();
    gate.pass(request, null, (rq, rs) -> passed.add("end"));
    assertThat(passed).containsExactly("stays", "end", "stays out");
  }

  /** The attack: a request that is in the first of three filters while that one is removed. */
  @Test
  @DisplayName("lets no request slip past a filter while another is removed")
  void removedMeanwhile() throws IOException, ServletException {
    Filter[] first = new Filter[1];
    first[0] =
        (rq, rs, chain) -> {
          gate.middleware().remove(first[0]);
          chain.doFilter(rq, rs);
        };
    gate.middleware().add(first[0]);
    gate.middleware().add(passing("guard"));
    gate.middleware().add(passing("last"));
    gate.pass(request, null, (rq, rs) -> passed.add("end"));

    assertThat(passed).startsWith("guard", "last", "end");
  }

  @Test
  @DisplayName("stays shut by its middleware when it is closed")
  void closed() throws IOException, ServletException {
    gate.middleware().add(new Recording(null));
    gate.close();

    assertThatThrownBy(() -> gate.pass(request, null, (rq, rs) -> passed.add("end")))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(passed).isEmpty();
  }

  @Test
  @DisplayName("asks all conditions")
  void conditions() {
    gate.addFilter(rq -> "acme".equals(rq.getHeader("X-Tenant")));
    gate.addAuthorizer(rq -> true);
    assertThat(gate.accepts(request)).isTrue();
    gate.addFilter(rq -> false);
    assertThat(gate.accepts(request)).isFalse();
    assertThat(gate.authorizes(request)).isTrue();
    gate.addAuthorizer(rq -> false);
    assertThat(gate.authorizes(request)).isFalse();
  }

  /** The attack: a request that makes a condition fail, to be let in by the failure. */
  @Test
  @DisplayName("refuses what a condition fails on, and logs it once")
  void failsClosed() {
    gate.addAuthorizer(
        rq -> {
          throw new NumberFormatException("a header of the attacker's");
        });
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream")) {
      assertThat(gate.authorizes(request)).isFalse();
      assertThat(gate.authorizes(request)).isFalse();
      assertThat(log.messages())
          .containsExactly("a condition on requests failed; such requests are refused");
    }
  }

  private Filter passing(String name) {
    return (rq, rs, chain) -> {
      passed.add(name);
      chain.doFilter(rq, rs);
      passed.add(name + " out");
    };
  }

  private static final class Recording implements Filter {

    private final String failure;
    private FilterConfig config;
    private int destroyed;

    Recording(String failure) {
      this.failure = failure;
    }

    @Override
    public void init(FilterConfig given) throws ServletException {
      if (failure != null) {
        throw new ServletException(failure);
      }
      config = given;
    }

    @Override
    public void doFilter(ServletRequest rq, ServletResponse rs, FilterChain chain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void destroy() {
      destroyed++;
    }
  }
}
