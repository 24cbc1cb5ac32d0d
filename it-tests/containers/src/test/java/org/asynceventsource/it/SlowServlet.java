package org.asynceventsource.it;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An application's servlet that is still at a request when the application is undeployed. */
@WebServlet("/slow")
public class SlowServlet extends HttpServlet {

  private static final long serialVersionUID = 1;
  private static final long MILLIS = 500;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.flushBuffer();
    try {
      if (new CountDownLatch(1).await(MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
