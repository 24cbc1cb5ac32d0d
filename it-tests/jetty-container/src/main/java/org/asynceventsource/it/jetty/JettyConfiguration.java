package org.asynceventsource.it.jetty;

import org.jboss.arquillian.container.spi.ConfigurationException;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** The properties that {@code arquillian.xml} may give; set once by Arquillian. */
public final class JettyConfiguration implements ContainerConfiguration {

  private static final int MAX_PORT = 65_535;

  private int port;

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

  @Override
  public void validate() throws ConfigurationException {
    if (port < 0 || port > MAX_PORT) {
      throw new ConfigurationException(
          "port is %d but must be from 0 to %d; 0 takes a free one".formatted(port, MAX_PORT));
    }
  }
}
