package org.asynceventsource.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Payara Micro as its users start it: one jar, told which WAR to deploy. */
final class PayaraMicro {

  private static final Pattern URL = Pattern.compile("http://[^/]*:(\\d+)/eventsource");
  private static final Pattern UP = Pattern.compile("Payara Micro .* ready in");

  private PayaraMicro() {}

  /**
   * Starts Payara Micro.
   *
   * @param directory an empty directory
   */
  static ServerProcess start(Path directory) throws IOException {
    ProcessBuilder micro =
        ServerProcess.java(
            directory,
            Path.of(System.getProperty("it.payara.micro")),
            "--nocluster",
            "--disablephonehome",
            "--port",
            Integer.toString(freePort()),
            "--deploy",
            System.getProperty("it.war"));
    return ServerProcess.start(micro, URL, UP);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
