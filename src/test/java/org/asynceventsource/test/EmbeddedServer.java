package org.asynceventsource.test;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A servlet container within the test's process, as it comes, but for HTTP/2 without TLS: with the
 * library's listener and nothing else, on a free port of the loopback address.
 */
public enum EmbeddedServer {
  /** Jetty 12.1. */
  JETTY {
    @Override
    public Running start(Map<String, String> parameters) throws Exception {
      Server server = new Server();
      HttpConfiguration http = new HttpConfiguration();
      ServerConnector connector =
          new ServerConnector(
              server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
      connector.setHost(LOOPBACK);
      server.addConnector(connector);
      ServletContextHandler handler = new ServletContextHandler("/");
      parameters.forEach(handler::setInitParameter);
      handler.addEventListener(listener().getDeclaredConstructor().newInstance());
      server.setHandler(handler);
      server.start();
      return new Running(connector.getLocalPort(), handler.getServletContext(), server::stop);
    }
  },

  /** Tomcat 11. */
  TOMCAT {
    @Override
    public Running start(Map<String, String> parameters) throws Exception {
      Path directory = Files.createTempDirectory("tomcat");
      Tomcat tomcat = new Tomcat();
      tomcat.setBaseDir(directory.toString());
      tomcat.setPort(0);
      tomcat.getConnector().setProperty("address", LOOPBACK);
      Http2Protocol http2 = new Http2Protocol();
      // Else it closes the connection on which a test cancels many streams within a moment.
      http2.setOverheadResetFactor(0);
      tomcat.getConnector().addUpgradeProtocol(http2);
      Context context = tomcat.addContext("", directory.toString());
      parameters.forEach(context::addParameter);
      context.addApplicationListener(LISTENER);
      tomcat.start();
      return new Running(
          tomcat.getConnector().getLocalPort(),
          context.getServletContext(),
          () -> stop(tomcat, directory));
    }

    private void stop(Tomcat tomcat, Path directory) throws LifecycleException, IOException {
      tomcat.stop();
      tomcat.destroy();
      try (var files = Files.walk(directory)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  },

  /** Undertow 2.3, as it is in WildFly. */
  UNDERTOW {
    @Override
    public Running start(Map<String, String> parameters) throws Exception {
      DeploymentInfo application =
          Servlets.deployment()
              .setDeploymentName("events")
              .setContextPath("/")
              .setClassLoader(EmbeddedServer.class.getClassLoader())
              .addListener(Servlets.listener(listener()));
      parameters.forEach(application::addInitParameter);
      DeploymentManager manager = Servlets.newContainer().addDeployment(application);
      manager.deploy();
      ServletContext context = manager.getDeployment().getServletContext();
      Undertow undertow =
          Undertow.builder()
              .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
              .addHttpListener(0, LOOPBACK)
              .setHandler(manager.start())
              .build();
      undertow.start();
      InetSocketAddress address =
          (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
      return new Running(
          address.getPort(),
          context,
          () -> {
            manager.stop();
            manager.undeploy();
            undertow.stop();
          });
    }
  };

  private static final String LOOPBACK = "127.0.0.1";
  private static final String LISTENER = "org.asynceventsource.boot.BootListener";

  /**
   * Starts one.
   *
   * @param parameters the application's context parameters
   * @return the running server
   */
  public abstract Running start(Map<String, String> parameters) throws Exception;

  private static Class<? extends ServletContextListener> listener() throws ClassNotFoundException {
    return Class.forName(LISTENER).asSubclass(ServletContextListener.class);
  }

  /**
   * A server that has been started.
   *
   * @param port its port
   * @param context its one application
   * @param how stops it
   */
  public record Running(int port, ServletContext context, Stop how) {

    /** Stops the application and the server. */
    public void stop() throws Exception {
      how.run();
    }
  }

  /** What stops a server. */
  @FunctionalInterface
  public interface Stop {

    /** Stops it. */
    void run() throws Exception;
  }
}
