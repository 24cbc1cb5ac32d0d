package org.example.orders;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Takes the form of the page. Jetty injects nothing into servlets, so it asks CDI. */
@WebServlet("/orders")
public class OrderServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    OrderDesk desk = CDI.current().select(OrderDesk.class).get();
    Order order = desk.place(request.getParameter("item"));
    response.setStatus(HttpServletResponse.SC_CREATED);
    response.getWriter().println(order.number());
  }
}
