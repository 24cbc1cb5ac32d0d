package org.asynceventsource.it;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;
import org.asynceventsource.security.DigestAlgorithm;
import org.asynceventsource.security.DigestCredential;
import org.asynceventsource.security.DigestHash;

/** An application's own identity store: a bean that knows carol, and nobody else. */
@ApplicationScoped
public class Members implements IdentityStore {

  /** Found by the method that Jakarta Security gives every store. */
  public CredentialValidationResult validate(DigestCredential credential) {
    String hash =
        DigestHash.generateHash("carol", "eventsource", "secret", DigestAlgorithm.SHA_256);
    return credential.names("carol") && credential.verify(hash)
        ? new CredentialValidationResult("carol", Set.of("members"))
        : CredentialValidationResult.INVALID_RESULT;
  }
}
