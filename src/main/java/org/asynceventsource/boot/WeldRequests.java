package org.asynceventsource.boot;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.util.EnumSet;

/**
 * Tells Weld of requests and sessions. Weld's own listener can't be added by code, because it
 * listens to the start of the application too.
 *
 * <p>Tomcat reports the end of an asynchronous request when the response is complete, on another
 * thread, and so leaves the request scope of each open stream on the thread that took it. As a
 * filter this ends the scope with the first dispatch, as other containers do, and then keeps the
 * container's own report, which follows sooner or later, from Weld.
 *
 * @param requests Weld, as far as it listens to requests
 * @param sessions Weld, as far as it listens to sessions
 */
record WeldRequests(ServletRequestListener requests, HttpSessionListener sessions)
    implements ServletRequestListener, HttpSessionListener, Filter {

  private static final String NAME = "async-event-source request scope";
  private static final String ENDED = WeldRequests.class.getName() + ".ended";

  static WeldRequests of(ServletContextListener weld) {
    return new WeldRequests((ServletRequestListener) weld, (HttpSessionListener) weld);
  }

  void register(ServletContext context) {
    context.addListener(this);
    FilterRegistration.Dynamic filter = context.addFilter(NAME, this);
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, response);
    if (request.isAsyncStarted()) {
      request.setAttribute(ENDED, true);
      requests.requestDestroyed(new ServletRequestEvent(request.getServletContext(), request));
    }
  }

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    requests.requestInitialized(event);
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    ServletRequest request = event.getServletRequest();
    if (request.getAttribute(ENDED) == null) {
      requests.requestDestroyed(event);
    } else {
      request.removeAttribute(ENDED);
    }
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    sessions.sessionCreated(event);
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    sessions.sessionDestroyed(event);
  }
}
