package org.asynceventsource.it;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ServerSentEvent;

/** An application's ways to let somebody in and out: sessions, and the CDI event. */
@WebServlet("/access/*")
public class AccessServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getPathInfo()) {
      case "/begin" -> response.getWriter().print(request.getSession().getId());
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
