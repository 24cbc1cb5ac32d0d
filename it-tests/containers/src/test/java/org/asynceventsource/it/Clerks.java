package org.asynceventsource.it;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.EventSource;
import org.asynceventsource.EventSources;
import org.asynceventsource.Opened;

/**
 * A bean of an application that knows its users' roles: bob is a clerk, nobody else. It greets each
 * client with its name and role.
 */
@ApplicationScoped
class Clerks {

  void start(@Observes EventSources sources) {
    sources
        .at("/events")
        .addMiddleware(
            (request, response, chain) ->
                chain.doFilter(new Known((HttpServletRequest) request), response));
  }

  void opened(@Observes @Opened @EventSource("/events") AsyncEventSourceClient client) {
    String name = client.principal().map(Principal::getName).orElse("nobody");
    client.send(client.hasRole("clerk") ? name + ", clerk" : name, "you");
  }

  private static final class Known extends HttpServletRequestWrapper {

    Known(HttpServletRequest request) {
      super(request);
    }

    @Override
    public boolean isUserInRole(String role) {
      return role.equals("clerk") && "bob".equals(getRemoteUser());
    }
  }
}
