package org.asynceventsource.security;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.asynceventsource.spi.WarnOnce;

/**
 * Digest authentication as {@link DigestAuthenticationMechanismDefinition} defines it: the bean
 * that the container's Jakarta Security finds and drives. There is none without such a definition.
 *
 * <p>Who may log in is up to the container's {@link IdentityStoreHandler}; where there is none, the
 * application's beans of type {@link IdentityStore} are asked as the specification says. Safe for
 * use by several threads.
 *
 * <p>Its scope is added by {@link DigestExtension}: with one of its own here, GlassFish would find
 * a bean in every application, and a second one where there is a definition.
 */
public final class DefinedDigestMechanism implements HttpAuthenticationMechanism {

  private static final String DRIVEN = DefinedDigestMechanism.class.getName();

  private final boolean handled;
  private final boolean hasStores;
  private final DigestAuthenticationMechanism mechanism;
  private final WarnOnce warnings = SecurityLog.warnings();

  @Inject
  DefinedDigestMechanism(
      DigestExtension extension,
      Instance<IdentityStoreHandler> handler,
      Instance<IdentityStore> stores) {
    this.handled = !handler.isUnsatisfied();
    this.hasStores = !stores.isUnsatisfied();
    this.mechanism =
        DigestAuthenticationMechanism.of(
            extension.definition().orElseThrow(),
            handled ? handler.get() : IdentityStores.of(stores.stream().toList()));
  }

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    request.setAttribute(DRIVEN, true);
    try {
      return mechanism.validateRequest(request, response, context);
    } catch (IdentitiesUnavailableException e) { // which containers take for an error or a refusal
      warnings.warn("unavailable", "logins can't be checked now: " + e.getMessage());
      UnavailableAnswer.send(request, response);
      commit(response);
      return AuthenticationStatus.SEND_FAILURE;
    }
  }

  @Override
  public void cleanSubject(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
    mechanism.cleanSubject(request, response, context);
  }

  /** So that the container adds nothing, and makes no refusal of a 200. */
  private static void commit(HttpServletResponse response) {
    try {
      response.flushBuffer();
    } catch (IOException gone) {
      return; // the client, so that nobody is left to be told
    }
  }

  /**
   * Whether somebody has driven this mechanism for a request, so that nobody else needs to.
   *
   * @param request the request
   * @return whether it was
   */
  public static boolean hasDriven(ServletRequest request) {
    return request.getAttribute(DRIVEN) != null;
  }

  /**
   * Whether there is any identity store to ask.
   *
   * @return whether a bean is one
   */
  public boolean hasStores() {
    return hasStores;
  }

  /**
   * Whether the container has Jakarta Security of its own, which drives this for all URLs.
   *
   * @return whether there is a bean that asks identity stores, as only the container provides one
   */
  public boolean isContainers() {
    return handled;
  }
}
