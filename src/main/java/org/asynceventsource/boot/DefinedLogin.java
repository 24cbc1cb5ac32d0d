package org.asynceventsource.boot;

import java.util.List;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.security.DefinedDigestMechanism;
import org.asynceventsource.security.DigestExtension;

/**
 * Hands the mechanism that an annotation of the application's defines to the guard of its event
 * sources; loaded only where there is CDI.
 */
final class DefinedLogin {

  private DefinedLogin() {}

  static void connect(Cdi cdi, Guard guard) {
    if (cdi.find(DigestExtension.class).flatMap(DigestExtension::definition).isPresent()) {
      Linked.connect(cdi, guard);
    }
  }

  /** What needs Jakarta Security even to be loaded. */
  private static final class Linked {

    static void connect(Cdi cdi, Guard guard) {
      DefinedDigestMechanism mechanism = cdi.find(DefinedDigestMechanism.class).orElseThrow();
      if (!mechanism.isContainers() && !mechanism.hasStores()) {
        throw new ConfigurationException(
            List.of(
                "@DigestAuthenticationMechanismDefinition lets nobody in, since the application has no bean of type IdentityStore; add one that takes a DigestCredential, such as an HtdigestFileIdentityStore, or remove the annotation"));
      }
      guard.define(rules -> LoginFilters.defined(mechanism, rules), mechanism.isContainers());
    }
  }
}
