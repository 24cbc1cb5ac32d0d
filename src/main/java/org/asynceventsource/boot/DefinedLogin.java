package org.asynceventsource.boot;

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
      guard.define(rules -> LoginFilters.defined(mechanism, rules), mechanism.isContainers());
    }
  }
}
