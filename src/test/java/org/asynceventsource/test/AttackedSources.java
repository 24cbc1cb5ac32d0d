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
import java.util.concurrent.locks.LockSupport;
import org.asynceventsource.EventSources;
import org.asynceventsource.security.AuthenticationMiddleware;

/**
 * What an application has for attackers beside {@code /events}: an event source that tells callers
 * their names, one whose nonces expire soon, and one that tells what the server keeps.
 */
@WebListener
public class AttackedSources implements ServletContextListener {

  /** Answers the name of the caller, instead of events. */
  public static final String NAMES = "names";

  /** Is like {@code events}, but for the lifetime of its nonces. */
  public static final String BRIEF = "brief";

  /** Answers how many bytes of the heap are in use, once everything is collected that can be. */
  public static final String HEAP = "heap";

  /** How many users {@link #NAMES} has: {@code user0} and so on. */
  public static final int USERS = 50;

  /** How long nonces of {@link #BRIEF} live. */
  public static final Duration LIFETIME = Duration.ofMillis(300);

  private static final int COLLECTIONS = 100;
  private static final Duration PAUSE = Duration.ofMillis(50); // for what a collection hands on
  private static final long SETTLED = 1 << 13;

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
    sources
        .at('/' + HEAP)
        .addMiddleware(AuthenticationMiddleware.none())
        .addMiddleware(AttackedSources::tellHeap);
  }

  private static void tellName(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(((HttpServletRequest) request).getUserPrincipal().getName());
  }

  private static void tellHeap(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(settledHeap());
  }

  /** In bytes, when a collection finds nothing more, or there have been many. */
  private static long settledHeap() {
    long used = collected();
    for (int i = 0; i < COLLECTIONS; i++) {
      LockSupport.parkNanos(PAUSE.toNanos());
      long before = used;
      used = collected();
      if (Math.abs(before - used) < SETTLED) {
        break;
      }
    }
    return used;
  }

  private static long collected() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
