package org.asynceventsource;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EventListener;
import java.util.function.Consumer;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A web application in a Jetty of its own on a free port of the loopback address. */
public final class WebApplication {

  private static final int THREADS = 200;

  private final Server server;
  private final ServerConnector connector;
  private final ServletContextHandler handler;

  private WebApplication(String contextPath, int threads) {
    server = new Server(new QueuedThreadPool(threads));
    connector = new ServerConnector(server);
    handler = new ServletContextHandler(contextPath, ServletContextHandler.SESSIONS);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    server.setHandler(handler);
  }

  /**
   * An application that is not started yet.
   *
   * @param contextPath its context path, such as {@code /app}
   * @return the application
   */
  public static WebApplication at(String contextPath) {
    return new WebApplication(contextPath, THREADS);
  }

  /**
   * An application in a container that has few threads, for whatever it does.
   *
   * @param contextPath its context path, such as {@code /app}
   * @param threads how many
   * @return the application
   */
  public static WebApplication at(String contextPath, int threads) {
    return new WebApplication(contextPath, threads);
  }

  /** Sets a context-param. */
  public WebApplication parameter(String name, String value) {
    handler.setInitParameter(name, value);
    return this;
  }

  /** Adds a listener as if it were declared. */
  public WebApplication listener(EventListener listener) {
    handler.addEventListener(listener);
    return this;
  }

  /** Adds what is to be done when the application starts. */
  public WebApplication atStart(Consumer<ServletContext> action) {
    return listener(
        new ServletContextListener() {
          @Override
          public void contextInitialized(ServletContextEvent event) {
            action.accept(event.getServletContext());
          }
        });
  }

  /** Whatever a test wants besides. */
  public WebApplication configure(Consumer<ServletContextHandler> configuration) {
    configuration.accept(handler);
    return this;
  }

  /** Sets how long the container waits for bytes on a connection. */
  public WebApplication idle(Duration idle) {
    connector.setIdleTimeout(idle.toMillis());
    return this;
  }

  /** Starts it. */
  public WebApplication start() throws Exception {
    server.start();
    return this;
  }

  /** Undeploys the application; the server goes on. */
  public void undeploy() throws Exception {
    handler.stop();
  }

  /** Deploys the application again. */
  public void deploy() throws Exception {
    handler.start();
  }

  public int port() {
    return connector.getLocalPort();
  }

  public HttpReply send(HttpCall call) throws IOException {
    return call.send(port());
  }

  /** Sends a GET without header fields. */
  public HttpReply get(String target) throws IOException {
    return send(HttpCall.of("GET", target));
  }

  /** Stops the server. */
  public void stop() throws Exception {
    server.stop();
  }
}
