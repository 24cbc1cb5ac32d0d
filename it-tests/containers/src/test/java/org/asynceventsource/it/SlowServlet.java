package org.asynceventsource.it;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An application's servlet that is at a request until its client has sent a byte or is gone. */
@WebServlet("/slow")
public class SlowServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.flushBuffer();
    response.flushBuffer(); // Open Liberty ignores the first
    request.getInputStream().read();
  }
}
