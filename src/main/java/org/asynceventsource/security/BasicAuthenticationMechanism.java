package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.asynceventsource.spi.Forwarding;

/**
 * HTTP basic authentication (RFC 7617) as an authentication mechanism of Jakarta Security.
 *
 * <p>Clients send the password itself, so it is refused with 403 where others could read it:
 * without TLS, unless the client is on this machine. Whether there is TLS is what trusted proxies
 * say, else the container. Identity stores get a {@link BasicCredential}, which is a {@code
 * UsernamePasswordCredential}; so every store of Jakarta Security serves.
 *
 * <p>Whoever guesses is held up: after some failures of a name from one address, for longer each
 * time ({@link LoginLimits}).
 *
 * <p>Prefer digest: it keeps the password from whoever reads along, and from the server's memory.
 * Safe for use by several threads.
 */
public final class BasicAuthenticationMechanism extends HeaderMechanism {

  private static final List<String> PROXY_FIELDS = List.of("Forwarded", "X-Forwarded-For", "Via");

  private final boolean plainHttp;
  private final IdentityStoreHandler identities;
  private final LoginLimits limits;
  private final LongSupplier clock;

  private BasicAuthenticationMechanism(
      String realm,
      IdentityStoreHandler identities,
      boolean plainHttp,
      LoginLimits limits,
      LongSupplier clock) {
    super("Basic", realm, ", charset=\"UTF-8\"", identities, limits, clock);
    this.identities = identities;
    this.plainHttp = plainHttp;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * A mechanism.
   *
   * @param realm what clients log in to
   * @param identities who may log in, such as {@link IdentityStores}
   * @return the mechanism
   * @throws org.asynceventsource.ConfigurationException if the realm can't be used
   */
  public static BasicAuthenticationMechanism of(String realm, IdentityStoreHandler identities) {
    return of(realm, identities, System::nanoTime);
  }

  static BasicAuthenticationMechanism of(
      String realm, IdentityStoreHandler identities, LongSupplier clock) {
    return new BasicAuthenticationMechanism(realm, identities, false, LoginLimits.DEFAULT, clock);
  }

  /**
   * Takes passwords although anybody on the way could read them.
   *
   * @return a copy
   */
  public BasicAuthenticationMechanism overPlainHttp() {
    return new BasicAuthenticationMechanism(realm(), identities, true, limits, clock);
  }

  /**
   * Holds up those who guess in another way than {@link LoginLimits#DEFAULT}.
   *
   * @param limits after how many failures, and for how long
   * @return a copy, which has counted nothing yet
   */
  public BasicAuthenticationMechanism withLoginLimits(LoginLimits limits) {
    return new BasicAuthenticationMechanism(realm(), identities, plainHttp, limits, clock);
  }

  @Override
  Optional<String> refusal(HttpServletRequest request) {
    Forwarding way = Forwarding.of(request);
    return plainHttp || way.isSecure(request) || isThisMachine(request, way)
        ? Optional.empty()
        : Optional.of("basic authentication would show the password to others here; use https");
  }

  /**
   * Whether the client is on this machine, and not merely a proxy that doesn't tell us, or that we
   * don't believe, where the client is.
   */
  private static boolean isThisMachine(HttpServletRequest request, Forwarding way) {
    String address = way.clientAddress(request);
    boolean proxied =
        address.equals(request.getRemoteAddr())
            && PROXY_FIELDS.stream().anyMatch(name -> request.getHeader(name) != null);
    return !proxied && isLoopback(address);
  }

  private static boolean isLoopback(String address) {
    boolean literal = address.indexOf(':') >= 0 || address.startsWith("127.");
    try {
      return literal && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException notAnAddress) {
      return false;
    }
  }

  @Override
  Optional<String> guessed(Credential credential) {
    return credential instanceof BasicCredential basic
        ? Optional.of(basic.getCaller())
        : Optional.empty();
  }

  @Override
  String authType() {
    return HttpServletRequest.BASIC_AUTH;
  }

  @Override
  Credential credential(AuthorizationHeader header) {
    String pair = decoded(header.word());
    int colon = pair.indexOf(':');
    if (colon < 0 || pair.chars().anyMatch(Character::isISOControl)) {
      throw malformed("the credentials are not a name, a colon and a password");
    }
    return new BasicCredential(pair.substring(0, colon), realm(), pair.substring(colon + 1));
  }

  /** UTF-8, as the challenge asks for, or what older clients send instead. */
  private static String decoded(String word) {
    if (word.length() % 4 != 0) { // which Java's decoder doesn't mind
      throw malformed("the credentials are not in Base64");
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(word);
      return HeaderText.decode(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException notBase64) {
      throw malformed("the credentials are not in Base64");
    }
  }

  /** Without the cause, which shows a part of the credentials. */
  private static MalformedCredentialsException malformed(String reason) {
    return new MalformedCredentialsException(reason);
  }
}
