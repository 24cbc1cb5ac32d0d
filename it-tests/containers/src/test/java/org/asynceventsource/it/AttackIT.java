package org.asynceventsource.it;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.asynceventsource.test.AttackedServer;
import org.asynceventsource.test.AttackedSources;
import org.asynceventsource.test.CredentialAttacks;
import org.asynceventsource.test.Floods;
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
class AttackIT implements TargetAttacks, NonceAttacks, CredentialAttacks, ManyCallers, Floods {

  @ArquillianResource private @Nullable URI application;

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.with("eventsource.auth=digest").addClass(AttackedSources.class);
  }

  /**
   * What these leave out of {@code getRequestURI}: a session's id and another host, which they take
   * from the header field, and on Grizzly all of a path's parameters (Open Liberty 26.0.0.3,
   * GlassFish 8.0.0, Payara 6.2025.9).
   */
  @Override
  public Set<String> shownAsPlain() {
    return switch (System.getProperty("it.container")) {
      case "openliberty" -> Set.of("events;jsessionid=1", "http://elsewhere");
      case "glassfish", "payara", "payara-micro" ->
          Set.of("events;jsessionid=1", ";x=y/events", "http://elsewhere");
      default -> Set.of();
    };
  }

  /** Payara 6.2025.9 answers 400 by itself. */
  @Override
  public boolean takesForeignLetters() {
    return !System.getProperty("it.container").startsWith("payara");
  }

  @Override
  public AttackedServer attacked() throws IOException {
    URI uri = requireNonNull(application);
    return AttackedServer.of(uri.getPort(), uri.getPath());
  }
}
