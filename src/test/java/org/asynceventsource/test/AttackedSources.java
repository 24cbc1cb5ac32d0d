package org.asynceventsource.test;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import org.asynceventsource.EventSources;
import org.asynceventsource.security.AuthenticationMiddleware;

/**
 * What an application has for attackers beside {@code /events}: an event source that tells callers
 * their names, and one whose nonces expire soon.
 */
@WebListener
public class AttackedSources implements ServletContextListener {

  /** Answers the name of the caller, instead of events. */
  public static final String NAMES = "names";

  /** Is like {@code events}, but for the lifetime of its nonces. */
  public static final String BRIEF = "brief";

  /** How many users {@link #NAMES} has: {@code user0} and so on. */
  public static final int USERS = 50;

  /** How long nonces of {@link #BRIEF} live. */
  public static final Duration LIFETIME = Duration.ofMillis(300);

  /** The password of a user of {@link #NAMES}. */
  public static String password(String user) {
    return "secret of " + user;
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    EventSources sources = EventSources.of(event.getServletContext());
    AuthenticationMiddleware.Digest names = AuthenticationMiddleware.digest();
    for (int i = 0; i < USERS; i++) {
      names = names.username("user" + i).password(password("user" + i));
    }
    sources.at('/' + NAMES).addMiddleware(names.build()).addMiddleware(AttackedSources::tellName);
    sources
        .at('/' + BRIEF)
        .addMiddleware(
            AuthenticationMiddleware.digest()
                .options(options -> options.withNonceLifetime(LIFETIME))
                .username("alice")
                .password("secret")
                .build());
  }

  private static void tellName(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(((HttpServletRequest) request).getUserPrincipal().getName());
  }
}
