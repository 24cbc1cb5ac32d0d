package org.asynceventsource.it;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.security.enterprise.SecurityContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.HttpConstraint;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Another servlet of an application, for clerks; tells who calls, as Jakarta Security knows it, or
 * logs them out.
 */
@WebServlet("/other")
@ServletSecurity(@HttpConstraint(rolesAllowed = "clerk"))
public class OtherServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    if ("logout".equals(request.getQueryString())) {
      request.logout();
      return;
    }
    SecurityContext security = CDI.current().select(SecurityContext.class).get();
    response
        .getWriter()
        .printf(
            "%s, %s, clerk %s, chief %s",
            request.getAuthType(),
            security.getCallerPrincipal().getName(),
            security.isCallerInRole("clerk"),
            security.isCallerInRole("chief"));
  }
}
