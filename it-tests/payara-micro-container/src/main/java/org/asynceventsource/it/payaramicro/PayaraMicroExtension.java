package org.asynceventsource.it.payaramicro;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Tells Arquillian of {@link PayaraMicroContainer}; found as a service. */
public final class PayaraMicroExtension implements LoadableExtension {

  @Override
  public void register(ExtensionBuilder builder) {
    builder.service(DeployableContainer.class, PayaraMicroContainer.class);
  }
}
