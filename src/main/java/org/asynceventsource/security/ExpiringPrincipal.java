package org.asynceventsource.security;

import jakarta.security.enterprise.CallerPrincipal;
import java.time.Instant;

/** A caller who is known until a time, such as that of their token. Immutable. */
public final class ExpiringPrincipal extends CallerPrincipal {

  private static final long serialVersionUID = 1L;

  private final Instant expiresAt;

  /**
   * A caller.
   *
   * @param name the caller's name
   * @param expiresAt when the proof of it ends
   */
  public ExpiringPrincipal(String name, Instant expiresAt) {
    super(name);
    this.expiresAt = expiresAt;
  }

  /**
   * When the caller is to prove again who they are.
   *
   * @return the end
   */
  public Instant expiresAt() {
    return expiresAt;
  }
}
