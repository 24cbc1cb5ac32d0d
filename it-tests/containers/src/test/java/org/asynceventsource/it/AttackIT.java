package org.asynceventsource.it;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import org.asynceventsource.test.AttackedServer;
import org.asynceventsource.test.AttackedSources;
import org.asynceventsource.test.CredentialAttacks;
import org.asynceventsource.test.ManyCallers;
import org.asynceventsource.test.NonceAttacks;
import org.asynceventsource.test.TargetAttacks;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;

@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("A login by digest")
class AttackIT implements TargetAttacks, NonceAttacks, CredentialAttacks, ManyCallers {

  @ArquillianResource private @Nullable URI application;

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.with("eventsource.auth=digest").addClass(AttackedSources.class);
  }

  @Override
  public AttackedServer attacked() throws IOException {
    URI uri = requireNonNull(application);
    return AttackedServer.of(uri.getPort(), uri.getPath());
  }
}
