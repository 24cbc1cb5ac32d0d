package org.asynceventsource.it;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.security.Principal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.EventSource;
import org.asynceventsource.Opened;
import org.asynceventsource.security.DigestAuthenticationMechanismDefinition;
import org.asynceventsource.security.DigestCredential;
import org.asynceventsource.security.DigestHash;

/**
 * The users of an application that opts in to digest by the annotation: a CDI bean, which the
 * container finds. Alice is a clerk, bob is not, and carl is forgotten once he has logged in.
 */
@ApplicationScoped
public class Staff implements IdentityStore {

  static final String REALM = "staff";
  static final String PASSWORD = "known to the bean only";

  private static final Set<String> NAMES = Set.of("alice", "bob", "carl");

  private final AtomicBoolean carlWasHere = new AtomicBoolean();

  /** A class of the application's that is nothing else. */
  @DigestAuthenticationMechanismDefinition(realmName = REALM)
  public static class Security {}

  @Override
  public CredentialValidationResult validate(Credential credential) {
    if (!(credential instanceof DigestCredential digest)) {
      return CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
    String name = digest.callerName();
    if (!NAMES.contains(name)
        || !digest.verify(DigestHash.generateHash(name, REALM, PASSWORD, digest.algorithm()))) {
      return CredentialValidationResult.INVALID_RESULT;
    }
    if (name.equals("carl") && carlWasHere.getAndSet(true)) {
      return CredentialValidationResult.INVALID_RESULT;
    }
    return new CredentialValidationResult(
        name, name.equals("alice") ? Set.of("clerk") : Set.of("guest"));
  }

  void opened(@Observes @Opened @EventSource("/events") AsyncEventSourceClient client) {
    String name = client.principal().map(Principal::getName).orElse("nobody");
    client.send(client.hasRole("clerk") ? name + ", clerk" : name, "you");
  }
}
