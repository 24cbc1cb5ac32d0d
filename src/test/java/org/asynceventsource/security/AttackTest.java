package org.asynceventsource.security;

import java.io.IOException;
import org.asynceventsource.WebApplication;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.test.AttackedServer;
import org.asynceventsource.test.AttackedSources;
import org.asynceventsource.test.CredentialAttacks;
import org.asynceventsource.test.Floods;
import org.asynceventsource.test.ManyCallers;
import org.asynceventsource.test.NonceAttacks;
import org.asynceventsource.test.TargetAttacks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

/** The attacks that each container has to stand, here in an embedded Jetty. */
@DisplayName("A login by digest")
class AttackTest implements TargetAttacks, NonceAttacks, CredentialAttacks, ManyCallers, Floods {

  private static final WebApplication APPLICATION = WebApplication.at("/app");

  @BeforeAll
  static void start() throws Exception {
    APPLICATION
        .parameter("eventsource.auth", "digest")
        .parameter("eventsource.users", "alice:secret,bob:secret")
        .parameter("eventsource.publishers", "alice")
        .listener(new BootListener())
        .listener(new AttackedSources())
        .start();
  }

  @AfterAll
  static void stop() throws Exception {
    APPLICATION.stop();
  }

  @Override
  public AttackedServer attacked() throws IOException {
    return AttackedServer.of(APPLICATION.port(), "/app/");
  }
}
