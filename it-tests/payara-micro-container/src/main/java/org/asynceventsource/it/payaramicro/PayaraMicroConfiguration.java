package org.asynceventsource.it.payaramicro;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.arquillian.container.spi.ConfigurationException;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** The properties that {@code arquillian.xml} gives; set once by Arquillian. */
public final class PayaraMicroConfiguration implements ContainerConfiguration {

  private static final int MAX_PORT = 65_535;

  private Path jar = Path.of("");
  private int port;
  private String javaVmArguments = "";

  /**
   * Sets what is run.
   *
   * @param jar Payara Micro's one file
   */
  public void setJar(String jar) {
    this.jar = Path.of(jar);
  }

  Path jar() {
    return jar;
  }

  /**
   * Sets the port for HTTP.
   *
   * @param port 1 to 65535
   */
  public void setPort(int port) {
    this.port = port;
  }

  int port() {
    return port;
  }

  /**
   * Sets options of the server's JVM.
   *
   * @param arguments separated by white space
   */
  public void setJavaVmArguments(String arguments) {
    this.javaVmArguments = arguments;
  }

  String javaVmArguments() {
    return javaVmArguments;
  }

  @Override
  public void validate() throws ConfigurationException {
    if (!Files.isRegularFile(jar)) {
      throw new ConfigurationException("jar is '%s' but must be a file".formatted(jar));
    }
    if (port < 1 || port > MAX_PORT) {
      throw new ConfigurationException(
          "port is %d but must be from 1 to %d".formatted(port, MAX_PORT));
    }
  }
}
