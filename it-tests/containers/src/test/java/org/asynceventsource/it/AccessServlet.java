package org.asynceventsource.it;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.EventSources;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.Ticket;

/** An application's ways to let somebody in and out: sessions, tickets, and the CDI event. */
@WebServlet("/access/*")
public class AccessServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getPathInfo()) {
      case "/begin" -> response.getWriter().print(request.getSession().getId());
      case "/ticket" -> {
        EventSources sources = EventSources.of(getServletContext());
        response.getWriter().print(sources.issue(Ticket.of(request.getParameter("user"))));
      }
      case "/end" -> request.getSession(false).invalidate();
      default -> {
        fire(AccessChanged.ended(request.getParameter("user")));
        fire(ServerSentEvent.of("after the end"));
      }
    }
  }

  private static void fire(Object event) {
    CDI.current().getBeanManager().getEvent().fire(event);
  }
}
