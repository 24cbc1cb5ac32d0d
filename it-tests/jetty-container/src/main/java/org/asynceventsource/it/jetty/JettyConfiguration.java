package org.asynceventsource.it.jetty;

import java.util.List;
import org.jboss.arquillian.container.spi.ConfigurationException;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** The properties that {@code arquillian.xml} may give; set once by Arquillian. */
public final class JettyConfiguration implements ContainerConfiguration {

  private static final List<String> ENVIRONMENTS = List.of("ee10", "ee11");
  private static final int MAX_PORT = 65_535;

  private int port;
  private String environment = "";

  /**
   * Sets the port on the loopback address.
   *
   * @param port 1 to 65535, or 0 for any free one, which is the default
   */
  public void setPort(int port) {
    this.port = port;
  }

  int port() {
    return port;
  }

  /**
   * Sets the version of Jakarta EE that applications get.
   *
   * @param environment as Jetty calls it: {@code ee10} or {@code ee11}
   */
  public void setEnvironment(String environment) {
    this.environment = environment;
  }

  String environment() {
    return environment;
  }

  @Override
  public void validate() throws ConfigurationException {
    if (!ENVIRONMENTS.contains(environment)) {
      throw new ConfigurationException(
          "environment is '%s' but must be one of %s".formatted(environment, ENVIRONMENTS));
    }
    if (port < 0 || port > MAX_PORT) {
      throw new ConfigurationException(
          "port is %d but must be from 0 to %d; 0 takes a free one".formatted(port, MAX_PORT));
    }
  }
}
