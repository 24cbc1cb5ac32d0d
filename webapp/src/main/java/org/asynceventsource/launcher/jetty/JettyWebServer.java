package org.asynceventsource.launcher.jetty;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.asynceventsource.launcher.ServerOptions;
import org.asynceventsource.launcher.WebServer;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Serves the WAR at {@code /} by Jetty. */
public final class JettyWebServer implements WebServer {

  private final Server server;
  private final ServerConnector connector;
  private final WebAppContext application;
  private final Unanswered door;

  /**
   * A server, not yet bound.
   *
   * @param options where and how to listen
   * @param war what to serve
   * @param temporary a directory for what Jetty unpacks
   */
  public JettyWebServer(ServerOptions options, Path war, Path temporary) {
    QueuedThreadPool threads = new QueuedThreadPool(options.threads());
    threads.setMinThreads(Math.min(options.threads(), threads.getMinThreads()));
    threads.setName("http");
    server = new Server(threads);
    connector = new ServerConnector(server, new HttpConnectionFactory(quiet()));
    connector.setHost(options.host());
    connector.setPort(options.port());
    server.addConnector(connector);
    application = application(options, war, temporary);
    door = new Unanswered(application);
    server.setHandler(door);
  }

  /** Says nothing about the server's kind and version. */
  private static HttpConfiguration quiet() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    return configuration;
  }

  private static WebAppContext application(ServerOptions options, Path war, Path temporary) {
    WebAppContext application = new WebAppContext();
    application.setContextPath("/");
    application.setWar(war.toString());
    application.setTempDirectory(temporary.toFile());
    application.setThrowUnavailableOnStartupException(true);
    if (!options.virtualHosts().isEmpty()) {
      application.setVirtualHosts(options.virtualHosts());
    }
    return application;
  }

  @Override
  public int bind() throws IOException {
    connector.open();
    return connector.getLocalPort();
  }

  @Override
  public void start() throws Exception {
    server.start();
  }

  @Override
  public void close() throws IOException {
    try {
      door.shut();
      application.stop(); // first: Jetty would close connections before streams have ended in order
      server.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /**
   * Closes the connections of requests that come too late, while the application stops. Jetty would
   * answer 404, at which browsers give up a stream for good; after a lost connection they return.
   */
  private static final class Unanswered extends Handler.Wrapper {

    /** How long requests are waited for that are being begun. */
    private static final long PATIENCE_MILLIS = 500;

    private final ReentrantReadWriteLock passing = new ReentrantReadWriteLock();
    private volatile boolean shut;

    Unanswered(Handler application) {
      super(application);
    }

    /** Lets nobody in any more; returns when those who were let in are through, or soon. */
    void shut() throws InterruptedException {
      shut = true;
      if (passing.writeLock().tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        passing.writeLock().unlock();
      }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (passing.readLock().tryLock()) {
        try {
          if (!shut && getHandler().isStarted()) {
            return super.handle(request, response, callback);
          }
        } finally {
          passing.readLock().unlock();
        }
      }
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      callback.succeeded();
      return true;
    }
  }
}
