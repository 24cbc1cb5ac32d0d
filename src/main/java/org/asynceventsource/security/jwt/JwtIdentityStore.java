package org.asynceventsource.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.asynceventsource.security.ExpiringPrincipal;
import org.asynceventsource.security.IdentitiesUnavailableException;
import org.asynceventsource.security.TokenCredential;
import org.asynceventsource.spi.WarnOnce;

/**
 * An identity store that believes tokens which an issuer has signed for us (RFC 7519).
 *
 * <p>A token is good if it is signed by one of the algorithms named here and one of the issuer's
 * public keys, names issuer and audience, hasn't expired, and says whose it is. What its header
 * says of keys and algorithms decides nothing. The caller is an {@link ExpiringPrincipal} until the
 * token has expired by every clock within the skew. Any thread.
 */
public final class JwtIdentityStore implements IdentityStore, AutoCloseable {

  private static final WarnOnce WARNINGS =
      new WarnOnce(System.getLogger("org.asynceventsource.security.jwt"));

  private final JwtOptions options;
  private final IssuersKeys keys;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private JwtIdentityStore(JwtOptions options, IssuersKeys keys, InstantSource clock) {
    this.options = options;
    this.keys = keys;
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            options.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()),
            keys.source()));
    processor.setJWTClaimsSetVerifier(claims(options, clock));
  }

  /**
   * A store; reads the file of keys, or fetches them.
   *
   * @param options which tokens are good
   * @return the store; close it
   * @throws org.asynceventsource.ConfigurationException if the file of keys can't be used
   */
  public static JwtIdentityStore of(JwtOptions options) {
    return of(options, options.keys(), InstantSource.system());
  }

  static JwtIdentityStore of(JwtOptions options, String keys, InstantSource clock) {
    return new JwtIdentityStore(options, IssuersKeys.of(keys, WARNINGS), clock);
  }

  private static DefaultJWTClaimsVerifier<SecurityContext> claims(
      JwtOptions options, InstantSource clock) {
    JWTClaimsSet exact = new JWTClaimsSet.Builder().issuer(options.issuer()).build();
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            options.audience(), exact, Set.of("exp", options.nameClaim())) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew(Math.toIntExact(options.skew().toSeconds()));
    return verifier;
  }

  /**
   * Validates a {@link TokenCredential}.
   *
   * @param credential any credential
   * @return valid, invalid, or not validated for what isn't a signed token
   * @throws IdentitiesUnavailableException if there are no keys to tell by
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    if (!(credential instanceof TokenCredential token) || !hasThreeParts(token.token())) {
      return CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
    try {
      return result(processor.process(SignedJWT.parse(token.token()), null));
    } catch (ParseException | BadJOSEException refused) {
      return CredentialValidationResult.INVALID_RESULT;
    } catch (JOSEException e) {
      throw new IdentitiesUnavailableException(
          "tokens can't be verified, since there are no keys: " + e.getClass().getName());
    }
  }

  /** Header, claims and signature; what is encrypted has five, and is nobody's business here. */
  private static boolean hasThreeParts(String token) {
    return token.chars().filter(c -> c == '.').count() == 2;
  }

  private CredentialValidationResult result(JWTClaimsSet claims) throws ParseException {
    String name = claims.getStringClaim(options.nameClaim());
    Date expiry = claims.getExpirationTime();
    if (name == null // as the issuer wrote it; the claims are there, but may be null
        || expiry == null
        || name.isBlank()
        || name.chars().anyMatch(Character::isISOControl)) {
      return CredentialValidationResult.INVALID_RESULT;
    }
    Instant end = expiry.toInstant().plus(options.skew());
    return new CredentialValidationResult(new ExpiringPrincipal(name, end), groups(claims));
  }

  private Set<String> groups(JWTClaimsSet claims) {
    Object groups = claims.getClaim(options.groupsClaim());
    Collection<?> several =
        groups instanceof String text
            ? List.of(text.strip().split("\\s+"))
            : groups instanceof Collection<?> list ? list : List.of();
    return several.stream()
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(group -> !group.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Ends the fetching of keys. */
  @Override
  public void close() {
    try {
      keys.close();
    } catch (IOException e) {
      WARNINGS.warn("close", "the fetching of keys didn't end in order", e);
    }
  }
}
