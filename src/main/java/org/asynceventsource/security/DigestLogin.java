package org.asynceventsource.security;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.security.Nonces.Nonce;
import org.asynceventsource.spi.Login;

/**
 * A login by digest, as it can be asked again: whether the identity stores still know the password
 * that the client's answer was made with, and the user in the same groups, who hasn't logged out
 * since. Its nonce may be old by then. Keeps no password and no hash of one.
 */
record DigestLogin(
    IdentityStoreHandler identities,
    DigestCredential proof,
    Optional<Nonce> nonce,
    String user,
    Set<String> groups,
    LogOuts logOuts)
    implements Login {

  @Override
  public boolean holds() {
    if (logOuts.isOut(user, nonce)) {
      return false;
    }
    DigestCredential credential = proof.again();
    CredentialValidationResult result = identities.validate(credential);
    return result.getStatus() == CredentialValidationResult.Status.VALID
        && credential.verified()
        && groups.equals(result.getCallerGroups());
  }
}
