package org.asynceventsource.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.asynceventsource.Ticket;
import org.asynceventsource.spi.Login;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.stream.Interest;

/**
 * Lets readers in who bring a ticket in the query, as {@code ticket=TEXT}; all others pass the
 * login. A ticket that doesn't do is answered 403, on which browsers stop asking: nobody silently
 * becomes somebody less. Any thread.
 */
public final class TicketFilter implements Filter {

  /** The request attribute with the ticket that has let the caller in. */
  static final String ADMITTED = "org.asynceventsource.security.ticket";

  private static final String PARAMETER = "ticket=";
  private static final String AUTH_TYPE = "TICKET";

  private final Tickets tickets;
  private final String path;
  private final Filter login;
  private final WarnOnce warnings = SecurityLog.warnings();

  /**
   * A filter in front of an event source.
   *
   * @param tickets which tickets are good
   * @param path the event source's path below the context
   * @param login what those pass who bring none
   */
  public TicketFilter(Tickets tickets, String path, Filter login) {
    this.tickets = tickets;
    this.path = path;
    this.login = login;
  }

  /**
   * Lets the request pass with its caller, or answers it.
   *
   * @param request the request
   * @param response the response
   * @param chain the event source
   * @throws IOException from what is behind
   * @throws ServletException from what is behind
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)
        || !http.getMethod().equals("GET")) {
      login.doFilter(request, response, chain);
      return;
    }
    List<String> sent = sent(http);
    if (sent.isEmpty()) {
      login.doFilter(request, response, chain);
      return;
    }
    try {
      chain.doFilter(admitted(http, sent), response);
    } catch (RefusedTicketException refused) {
      refuse(answer, HttpServletResponse.SC_FORBIDDEN, refused.reason());
    }
  }

  private void refuse(HttpServletResponse response, int status, String reason) {
    warnings.warn(reason, "a request was answered %d: %s".formatted(status, reason));
    PlainAnswer.send(response, status, reason);
  }

  /** Tickets need no percent signs, so the query is taken as it is. */
  private static List<String> sent(HttpServletRequest request) {
    String query = request.getQueryString();
    return query == null || !query.contains(PARAMETER)
        ? List.of()
        : Stream.of(query.split("&"))
            .filter(part -> part.startsWith(PARAMETER))
            .map(part -> part.substring(PARAMETER.length()))
            .toList();
  }

  private HttpServletRequest admitted(HttpServletRequest request, List<String> sent)
      throws RefusedTicketException {
    if (sent.size() > 1) {
      throw new RefusedTicketException("the query has several tickets; send one");
    }
    Ticket ticket = tickets.take(sent.get(0), path, channels(request));
    request.setAttribute(ADMITTED, ticket);
    request.removeAttribute(Login.ATTRIBUTE); // of whoever the container found
    return new AuthenticatedRequest(request, new Bearer(ticket.user()), ticket.roles(), AUTH_TYPE);
  }

  /** Whether a request that a ticket has let in is for something else, such as a forwarded one. */
  static boolean isOutside(HttpServletRequest request, String path) {
    try {
      return request.getAttribute(ADMITTED) instanceof Ticket ticket
          && !(ticket.path().equals(path) && Tickets.covers(ticket, channels(request)));
    } catch (RefusedTicketException e) {
      return true;
    }
  }

  private static Set<String> channels(HttpServletRequest request) throws RefusedTicketException {
    try {
      return Interest.of(request).channels();
    } catch (IllegalArgumentException e) {
      throw new RefusedTicketException(
          "the query can't be decoded; send UTF-8, encoded by percent signs");
    }
  }

  /** Whoever brought a ticket. */
  private record Bearer(String getName) implements Principal {}
}
