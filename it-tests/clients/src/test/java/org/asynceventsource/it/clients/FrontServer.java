package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asynceventsource.it.support.FreePort;

/**
 * A web server or load balancer in front of the WAR, as {@code webapp/CONTAINERS.md} sets it up.
 *
 * <p>The page's text goes into a configuration that else has what Debian's has, as far as it
 * matters here. Ends with the test at the latest. Used by one thread.
 */
final class FrontServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What Debian enables, and what the modules need that the page enables. */
  private static final String HTTPD_MODULES = "authz_core alias reqtimeout proxy socache_shmcb";

  /** The programs that the page has configurations for. */
  enum Kind {
    NGINX,
    HTTPD,
    HAPROXY
  }

  private final Kind kind;
  private final Path directory;
  private final int port = FreePort.find();
  private final int securePort = FreePort.find();
  private final ContainerNotes notes;
  private final Process process;

  private FrontServer(Kind kind, int upstream, Path directory) throws Exception {
    this.kind = kind;
    this.directory = directory;
    int spare = FreePort.find(); // nobody listens there
    this.notes =
        ContainerNotes.read(
            Map.of(80, port, 443, securePort, 8080, upstream, 8081, spare), directory);
    run(notes.command("openssl req"));
    this.process =
        switch (kind) {
          case NGINX -> nginx();
          case HTTPD -> httpd();
          case HAPROXY -> haproxy();
        };
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    await().atMost(PATIENCE).until(this::listens);
  }

  /**
   * Starts a server and waits until it takes connections.
   *
   * @param kind the program
   * @param upstream the port of the WAR on this machine
   * @param parent where a directory for its files is made
   */
  static FrontServer start(Kind kind, int upstream, Path parent) throws Exception {
    return new FrontServer(
        kind, upstream, Files.createDirectory(parent.resolve(kind + "-" + upstream)));
  }

  Kind kind() {
    return kind;
  }

  int port() {
    return port;
  }

  URI events() {
    return URI.create("http://localhost:" + port + "/events");
  }

  URI secureEvents() {
    return URI.create("https://localhost:" + securePort + "/events");
  }

  /** The certificate that it shows. */
  Path certificate() {
    return directory.resolve("eventsource.pem");
  }

  private Process nginx() throws IOException {
    write("nginx.conf", "events {}\nhttp {\naccess_log off;\n", notes.block("nginx"), "}\n");
    String main = "daemon off; pid " + directory.resolve("pid") + ";";
    return start(
        "nginx", "-e", "stderr", "-p", directory.toString(), "-c", "nginx.conf", "-g", main);
  }

  private Process httpd() throws Exception {
    run(notes.command("printf"));
    String enabled = notes.command("a2enmod").replace("a2enmod", HTTPD_MODULES);
    String modules =
        Stream.of(enabled.split(" "))
            .map("LoadModule %1$s_module /usr/lib/apache2/modules/mod_%1$s.so\n"::formatted)
            .collect(Collectors.joining());
    write(
        "httpd.conf",
        "ServerName localhost\nUser www-data\nGroup www-data\nPidFile pid\nErrorLog error.log\n",
        "Listen " + port + "\nListen " + securePort + "\n" + modules,
        notes.block("apache"));
    return start("apache2", "-d", directory.toString(), "-f", "httpd.conf", "-DFOREGROUND");
  }

  private Process haproxy() throws IOException {
    String debian =
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 50s\n  timeout server 50s\n";
    write("haproxy.cfg", debian, notes.block("haproxy"));
    return start("haproxy", "-db", "-f", "haproxy.cfg");
  }

  private void write(String name, String... parts) throws IOException {
    Files.writeString(directory.resolve(name), String.join("", parts));
  }

  private Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output().toFile())
        .start();
  }

  private void run(String command) throws Exception {
    Process process = start("bash", "-c", command);
    assertThat(process.waitFor()).as(command + "\n" + Files.readString(output())).isZero();
  }

  private Path output() {
    return directory.resolve("output");
  }

  private boolean listens() throws IOException {
    assertThat(process.isAlive()).as(Files.readString(output())).isTrue();
    for (int each : List.of(port, securePort)) {
      try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), each)) {
        assertThat(connection.isConnected()).isTrue();
      } catch (IOException refused) {
        return false;
      }
    }
    return true;
  }

  /** Ends it at once; its children would go on if only it was ended. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
