package org.asynceventsource.security;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.spi.Login;
import org.asynceventsource.spi.WarnOnce;

/**
 * A mechanism whose credentials are one word behind its scheme, which needs no challenge to be
 * made.
 *
 * <p>Credentials of another scheme count as none: which scheme is in use is the server's choice,
 * and never the request's.
 */
abstract sealed class HeaderMechanism implements HttpAuthenticationMechanism
    permits BasicAuthenticationMechanism, BearerAuthenticationMechanism {

  private final String scheme;
  private final String realm;
  private final String parameters;
  private final IdentityStoreHandler identities;
  private final LoginAttempts attempts;
  private final UnjudgedLogins unjudged;
  private final WarnOnce warnings = SecurityLog.warnings();

  /**
   * A mechanism.
   *
   * @param parameters what each challenge has besides the realm, with a comma before
   * @param limits after how many failures those who guess are held up, and for how long
   * @param clock tells how long those who guess are held up, in nanoseconds
   */
  HeaderMechanism(
      String scheme,
      String realm,
      String parameters,
      IdentityStoreHandler identities,
      LoginLimits limits,
      LongSupplier clock) {
    DigestHash.realmMistake(realm)
        .ifPresent(
            mistake -> {
              throw new ConfigurationException(List.of(mistake));
            });
    this.scheme = scheme;
    this.realm = realm;
    this.parameters = parameters;
    this.identities = identities;
    this.attempts = new LoginAttempts(limits, clock);
    this.unjudged = new UnjudgedLogins(limits, clock);
  }

  @Override
  public final AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    try {
      Optional<AuthorizationHeader> header =
          AuthorizationHeader.of(request).filter(sent -> sent.hasScheme(scheme));
      if (header.isEmpty() && !context.isProtected()) {
        return context.doNothing();
      }
      Optional<String> refusal = refusal(request);
      if (refusal.isPresent()) {
        return refuse(response, HttpServletResponse.SC_FORBIDDEN, refusal.get());
      }
      return header.isEmpty()
          ? challenge(response, context, "")
          : judge(credential(header.get()), request, response, context);
    } catch (MalformedCredentialsException e) {
      response.setHeader("WWW-Authenticate", challenge(malformed()));
      return refuse(response, HttpServletResponse.SC_BAD_REQUEST, e.reason());
    }
  }

  private AuthenticationStatus judge(
      Credential credential,
      HttpServletRequest request,
      HttpServletResponse response,
      HttpMessageContext context) {
    Optional<String> name = guessed(credential);
    String source = LoginAttempts.source(request);
    if (name.filter(tried -> attempts.isDelayed(tried, source)).isPresent()) {
      return challenge(response, context, wrong());
    }
    CredentialValidationResult result =
        name.map(tried -> unjudged.ask(tried, source, () -> validate(credential)))
            .orElseGet(() -> validate(credential));
    if (result.getStatus() != Status.VALID) {
      name.ifPresent(tried -> attempts.failed(tried, source));
      warnings.warn("wrong credentials", "a login failed: unknown user, wrong password or token");
      return challenge(response, context, wrong());
    }
    name.ifPresent(tried -> attempts.succeeded(tried, source));
    context.getMessageInfo().getMap().put(FilterMessageContext.AUTH_TYPE, authType());
    request.setAttribute(Login.ATTRIBUTE, new CredentialLogin(identities, credential, result));
    return context.notifyContainerAboutLogin(result);
  }

  private CredentialValidationResult validate(Credential credential) {
    return Objects.requireNonNull(identities.validate(credential), "result of the identity store");
  }

  private AuthenticationStatus refuse(HttpServletResponse response, int status, String reason) {
    warnings.warn(reason, "a request was answered %d: %s".formatted(status, reason));
    PlainAnswer.send(response, status, reason);
    return AuthenticationStatus.SEND_FAILURE;
  }

  private AuthenticationStatus challenge(
      HttpServletResponse response, HttpMessageContext context, String error) {
    response.setHeader("WWW-Authenticate", challenge(error));
    return context.responseUnauthorized();
  }

  private String challenge(String error) {
    return scheme + " realm=\"" + realm + '"' + parameters + error;
  }

  final String realm() {
    return realm;
  }

  /** Why credentials must not be sent in this way at all, if so. */
  Optional<String> refusal(HttpServletRequest request) {
    return Optional.empty();
  }

  /** Whose password the caller may be guessing; empty if guessing is hopeless. */
  Optional<String> guessed(Credential credential) {
    return Optional.empty();
  }

  /** What the challenge says after malformed credentials, with a comma before. */
  String malformed() {
    return "";
  }

  /** What the challenge says after wrong credentials, with a comma before. */
  String wrong() {
    return "";
  }

  /** What servlets call the scheme. */
  abstract String authType();

  abstract Credential credential(AuthorizationHeader header);
}
