package org.asynceventsource.it;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Tells what the container says that it is. */
@WebServlet("/container")
public class ContainerServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String name = getServletContext().getServerInfo();
    response.getWriter().print(name + milestone(name));
  }

  /** GlassFish leaves a milestone out of what it says that it is, and has that elsewhere. */
  private static String milestone(String name) {
    try {
      Object version =
          Class.forName("com.sun.appserv.server.util.Version").getMethod("getVersion").invoke(null);
      return name.equals(version) ? "" : ", " + version;
    } catch (ReflectiveOperationException others) {
      return "";
    }
  }
}
