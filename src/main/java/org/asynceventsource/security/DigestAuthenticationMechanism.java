package org.asynceventsource.security;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.asynceventsource.security.DigestVerdict.Accepted;
import org.asynceventsource.security.Nonces.Nonce;
import org.asynceventsource.spi.Login;
import org.asynceventsource.spi.WarnOnce;

/**
 * HTTP digest access authentication (RFC 7616) as an authentication mechanism of Jakarta Security.
 *
 * <p>The answer to a request, in the order of checking:
 *
 * <table>
 * <caption>What a request is answered</caption>
 * <tr><th>credentials</th><th>answer</th></tr>
 * <tr><td>none, or for another scheme, realm or algorithm</td>
 *     <td>401 with challenges if the resource is protected; else nothing is done</td></tr>
 * <tr><td>malformed, or made for another resource</td><td>400</td></tr>
 * <tr><td>a digest that covers a body too long to be read, or too much at once</td>
 *     <td>413, 503</td></tr>
 * <tr><td>a digest that covers a body, with a nonce that is expired or foreign</td>
 *     <td>401 with {@code stale=true}; the body isn't read</td></tr>
 * <tr><td>wrong digest, or any digest while too many have been wrong</td>
 *     <td>401 with challenges</td></tr>
 * <tr><td>right digest, but the user has logged out since its nonce was made</td>
 *     <td>401 with challenges: browsers ask their user again</td></tr>
 * <tr><td>right digest, but its nonce is expired, foreign or used up, or its count was used</td>
 *     <td>401 with challenges that say {@code stale=true}: clients try again without asking</td></tr>
 * <tr><td>right digest</td><td>the caller is logged in for this request; {@code
 *     Authentication-Info} proves that the server knows the hash, too</td></tr>
 * </table>
 *
 * <p>{@code stale=true} is what lets an EventSource survive a restart of the server: any other 401
 * closes it for good. The digest is judged before anything is looked up or stored for a nonce.
 *
 * <p>A request that is driven twice is judged once, and answered the same again.
 *
 * <p>Not a CDI bean, on purpose: some containers would take it for the whole application. Drive it
 * with an {@link AuthenticationFilter}, or let the container do so by {@link
 * DigestAuthenticationMechanismDefinition}. Safe for use by several threads.
 */
public final class DigestAuthenticationMechanism implements HttpAuthenticationMechanism {

  static final String SCHEME = "Digest";

  private static final byte[] NO_BODY = {};
  private static final long MANY_REQUESTS = 1L << 31;

  private final DigestOptions options;
  private final DigestChallenges challenges;
  private final IdentityStoreHandler identities;
  private final Nonces nonces;
  private final NonceCounter counter;
  private final ProtectedBodies bodies;
  private final ProcessSecret decoySecret;
  private final LoginAttempts attempts;
  private final UnjudgedLogins unjudged;
  private final LogOuts logOuts;
  private final WarnOnce warnings = SecurityLog.warnings();

  private DigestAuthenticationMechanism(
      DigestOptions options, IdentityStoreHandler identities, InstantSource clock) {
    SecureRandom random = new SecureRandom();
    this.options = options;
    this.challenges = new DigestChallenges(options);
    this.identities = identities;
    this.nonces = new Nonces(random, clock, options.nonceLifetime());
    this.counter = new NonceCounter(options.maxNonces());
    this.bodies = new ProtectedBodies(options.protectedBody(), options.protectedBodies());
    this.decoySecret = new ProcessSecret(random);
    this.logOuts = new LogOuts(clock);
    LongSupplier nanos = () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
    this.attempts = new LoginAttempts(options.loginLimits(), nanos);
    this.unjudged = new UnjudgedLogins(options.loginLimits(), nanos);
  }

  /**
   * A mechanism with a clock that nobody can set.
   *
   * @param options how digest is offered
   * @param identities who may log in, such as {@link IdentityStores}; gets a {@link
   *     DigestCredential}
   * @return the mechanism
   */
  public static DigestAuthenticationMechanism of(
      DigestOptions options, IdentityStoreHandler identities) {
    return of(options, identities, new ElapsedTime());
  }

  /**
   * A mechanism with its own clock.
   *
   * @param options how digest is offered
   * @param identities who may log in, such as {@link IdentityStores}; gets a {@link
   *     DigestCredential}
   * @param clock tells the age of nonces; while it is set back, logins are stale
   * @return the mechanism
   */
  public static DigestAuthenticationMechanism of(
      DigestOptions options, IdentityStoreHandler identities, InstantSource clock) {
    return new DigestAuthenticationMechanism(options, identities, clock);
  }

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    logOuts.listen(request);
    try {
      Optional<DigestResponse> answer = answer(request);
      if (answer.isPresent()) {
        return judge(answer.get(), request, response, context);
      }
    } catch (MalformedCredentialsException e) {
      warnings.warn(e.reason(), "a request was answered 400: " + e.reason());
      PlainAnswer.send(response, HttpServletResponse.SC_BAD_REQUEST, e.reason());
      return AuthenticationStatus.SEND_FAILURE;
    } catch (RefusedBodyException e) {
      warnings.warn(e.reason(), "a request was answered %d: %s".formatted(e.status(), e.reason()));
      if (e.status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
        response.setHeader("Retry-After", "1");
      }
      PlainAnswer.send(response, e.status(), e.reason());
      return AuthenticationStatus.SEND_FAILURE;
    }
    return context.isProtected() ? challenge(response, context, false) : context.doNothing();
  }

  /**
   * The user logs out, as the container says it that drives this mechanism: so a browser has to ask
   * for the password again, and the user's streams end.
   */
  @Override
  public void cleanSubject(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
    if (request.getAttribute(Login.ATTRIBUTE) instanceof DigestLogin login) {
      LogOutListeners.of(request.getServletContext()).loggedOut(Optional.of(login.user()));
    }
    context.cleanClientSubject();
  }

  /**
   * The client's answer to a challenge of ours; empty if it sent none, or one for somebody else.
   */
  private Optional<DigestResponse> answer(HttpServletRequest request) {
    Optional<Map<String, String>> parameters =
        AuthorizationHeader.of(request)
            .filter(header -> header.hasScheme(SCHEME))
            .map(AuthorizationHeader::parameters)
            .filter(sent -> DigestResponse.realm(sent).equals(options.realm()));
    return parameters.flatMap(
        sent ->
            OfferedAlgorithm.parse(DigestResponse.algorithm(sent))
                .filter(options.offers()::contains)
                .map(algorithm -> DigestResponse.of(sent, algorithm, options)));
  }

  private AuthenticationStatus judge(
      DigestResponse answer,
      HttpServletRequest request,
      HttpServletResponse response,
      HttpMessageContext context) {
    if (!RequestTarget.matches(request, answer.uri())) {
      throw new MalformedCredentialsException(
          "parameter 'uri' of Authorization is not the target of the request");
    }
    DigestVerdict verdict =
        DigestVerdict.earlier(request, this, answer)
            .orElseGet(() -> decide(answer, request).leftIn(request));
    return verdict.login() == null
        ? challenge(response, context, verdict.stale())
        : logIn(verdict.login(), request, response, context);
  }

  private DigestVerdict decide(DigestResponse answer, HttpServletRequest request) {
    String source = LoginAttempts.source(request);
    if (attempts.isDelayed(answer.username(), source)) {
      return refused(answer, request, false);
    }
    Optional<Nonce> made = nonces.parse(answer.nonce());
    Optional<Nonce> nonce = made.filter(nonces::isAlive);
    boolean covered = answer.coversBody() && ProtectedBodies.isThere(request);
    if (covered && (nonce.isEmpty() || !ProtectedBodies.canBeProtected(request))) {
      // Nobody's body is read who hasn't got a nonce of ours; the digest can't be judged then.
      return refused(answer, request, true);
    }
    byte[] body = covered ? bodies.read(request) : NO_BODY;
    String sessionCnonce = made.flatMap(counter::sessionCnonce).orElse(answer.cnonce());
    DigestCredential credential =
        new DigestCredential(answer, request.getMethod(), sessionCnonce, body);
    CredentialValidationResult result =
        unjudged.ask(answer.username(), source, () -> validate(credential));
    if (result.getStatus() != CredentialValidationResult.Status.VALID || !credential.verified()) {
      attempts.failed(answer.username(), source);
      warnings.warn("wrong digest", "a login failed: unknown user or wrong password");
      return refused(answer, request, false);
    }
    attempts.succeeded(answer.username(), source);
    if (logOuts.isOut(result.getCallerPrincipal().getName(), made)) {
      return refused(answer, request, false);
    }
    if (nonce.isEmpty() || !isFirstUse(answer, nonce.get())) {
      return refused(answer, request, true);
    }
    Accepted login =
        new Accepted(
            result, credential, made, info(answer, nonce.get(), credential), covered ? body : null);
    return new DigestVerdict(this, request.getMethod(), answer, login, false);
  }

  private DigestVerdict refused(DigestResponse answer, HttpServletRequest request, boolean stale) {
    return new DigestVerdict(this, request.getMethod(), answer, null, stale);
  }

  private AuthenticationStatus logIn(
      Accepted login,
      HttpServletRequest request,
      HttpServletResponse response,
      HttpMessageContext context) {
    login.info().ifPresent(info -> response.setHeader(AuthenticationInfo.NAME, info));
    if (login.body() != null && !(request instanceof ReplayedRequest)) {
      context.withRequest(new ReplayedRequest(request, login.body()));
    }
    context
        .getMessageInfo()
        .getMap()
        .put(FilterMessageContext.AUTH_TYPE, HttpServletRequest.DIGEST_AUTH);
    CredentialValidationResult result = login.result();
    request.setAttribute(
        Login.ATTRIBUTE,
        new DigestLogin(
            identities,
            login.credential().again(),
            login.nonce(),
            result.getCallerPrincipal().getName(),
            result.getCallerGroups(),
            logOuts));
    return context.notifyContainerAboutLogin(result);
  }

  /**
   * Asks the identity stores. If none of them has a hash to verify, a made-up one is verified in
   * its place, and it is made up each time: whether a user exists must not show in the time taken.
   *
   * <p>Names that nobody can have reach no store: with a colon in it, a name and a realm have the
   * H(A1) of another name and another realm, which a store that computes it would take for theirs.
   */
  private CredentialValidationResult validate(DigestCredential credential) {
    String decoy = decoy(credential);
    CredentialValidationResult result =
        DigestHash.userMistake(credential.callerName()).isPresent()
            ? CredentialValidationResult.INVALID_RESULT
            : Objects.requireNonNull(
                identities.validate(credential), "result of the identity store");
    if (!credential.evaluated()) {
      credential.verify(decoy);
      return CredentialValidationResult.INVALID_RESULT;
    }
    return result;
  }

  private String decoy(DigestCredential credential) {
    byte[] made = decoySecret.sign(credential.algorithm().token() + ':' + credential.callerName());
    return HexFormat.of().formatHex(made).substring(0, credential.algorithm().hexDigits());
  }

  /** Whether nonce and count are good; called with a right digest only. */
  private boolean isFirstUse(DigestResponse answer, Nonce nonce) {
    boolean first =
        options.opaque().equals(Optional.ofNullable(answer.opaque()))
            && counter.use(nonce, answer.count(), nonces.oldestKept());
    if (first && answer.algorithm().session()) {
      counter.beginSession(nonce, answer.cnonce());
    }
    return first;
  }

  /** What the client is told with the answer to a request that logged it in. */
  private Optional<String> info(DigestResponse answer, Nonce nonce, DigestCredential credential) {
    return AuthenticationInfo.of(answer, credential.rspauth(), nextNonce(answer, nonce));
  }

  /**
   * A nonce to go on with, while the present one is still good, so that it ends without a refusal.
   * Only now and then: with a new one each time, requests could no longer follow one another
   * without waiting (RFC 7616 §3.5). A session stays with the nonce that it began with.
   */
  private Optional<String> nextNonce(DigestResponse answer, Nonce nonce) {
    boolean due = nonces.isAging(nonce) || answer.count() > MANY_REQUESTS;
    return due && !answer.algorithm().session() ? Optional.of(nonces.create()) : Optional.empty();
  }

  private AuthenticationStatus challenge(
      HttpServletResponse response, HttpMessageContext context, boolean stale) {
    challenges.addTo(response, context.getRequest(), nonces.create(), stale);
    return context.responseUnauthorized();
  }
}
