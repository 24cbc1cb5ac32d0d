package org.asynceventsource.security;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * H(A1), the only thing that has to be kept of a password (RFC 7616 §3.4.2).
 *
 * <p>Whoever has it can log in to the realm, but can't tell the password; keep it as secret as a
 * private key. Needs nothing but the JDK.
 */
public final class DigestHash {

  /** The realm of whoever doesn't choose another. */
  public static final String DEFAULT_REALM = "eventsource";

  private static final String FORBIDDEN_IN_REALM = "\"\\:";

  private DigestHash() {}

  /**
   * Computes H(A1) = H(user ":" realm ":" password), over UTF-8, of passwords in Unicode's composed
   * form (RFC 8265 §4.2), in which keyboards produce them.
   *
   * @param user the user's name, without a colon
   * @param realm the realm
   * @param password the password, not empty
   * @param algorithm the hash algorithm
   * @return lower-case hexadecimal digits
   * @throws IllegalArgumentException if name, realm or password can't be used with digest
   *     authentication
   */
  public static String generateHash(
      String user, String realm, String password, DigestAlgorithm algorithm) {
    userMistake(user)
        .or(() -> realmMistake(realm))
        .or(() -> passwordMistake(password))
        .ifPresent(
            mistake -> {
              throw new IllegalArgumentException(mistake);
            });
    return hash(user, realm, password, algorithm);
  }

  /** The same of whatever a client has sent. */
  static String hash(String user, String realm, String password, DigestAlgorithm algorithm) {
    String normal = Normalizer.normalize(password, Normalizer.Form.NFC);
    return algorithm.hash((user + ':' + realm + ':' + normal).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * H(username ":" realm), which clients send instead of the name if that is offered (RFC 7616
   * §3.4.4).
   */
  static String userhash(String user, String realm, DigestAlgorithm algorithm) {
    return algorithm.hash((user + ':' + realm).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The line for a file of users, as {@link HtdigestFileIdentityStore} reads it.
   *
   * @param user the user's name, without a colon
   * @param realm the realm
   * @param password the password, not empty
   * @param algorithm the hash algorithm
   * @return {@code user:realm:{SHA-256}digits}; for MD5 without the tag, as other servers expect it
   * @throws IllegalArgumentException if name, realm or password can't be used with digest
   *     authentication
   */
  public static String generateLine(
      String user, String realm, String password, DigestAlgorithm algorithm) {
    String tag = algorithm == DigestAlgorithm.MD5 ? "" : '{' + algorithm.token() + '}';
    return user + ':' + realm + ':' + tag + generateHash(user, realm, password, algorithm);
  }

  /** What is wrong with a user's name, if anything; doesn't repeat the name. */
  static Optional<String> userMistake(String user) {
    if (user.isEmpty()) {
      return Optional.of("the user name is empty but must have at least one character");
    }
    boolean usable = user.chars().noneMatch(c -> c == ':' || Character.isISOControl(c));
    return usable
        ? Optional.empty()
        : Optional.of("the user name has a colon or a control character; choose one without");
  }

  /**
   * What is wrong with a password, if anything. A variable that isn't set must not become the
   * password {@code null}, which anybody can guess.
   */
  static Optional<String> passwordMistake(@Nullable String password) {
    if (password == null) {
      return Optional.of("the password is null; is what it comes from, such as a variable, set?");
    }
    return password.isEmpty()
        ? Optional.of("the password is empty but must not be; choose one")
        : Optional.empty();
  }

  /**
   * What is wrong with a realm, if anything. Clients disagree on other characters: whether to hash
   * them escaped or not, and in which encoding; a colon would blur the line in a file.
   */
  static Optional<String> realmMistake(String realm) {
    boolean usable =
        !realm.isBlank()
            && realm
                .chars()
                .allMatch(c -> c >= ' ' && c <= '~' && FORBIDDEN_IN_REALM.indexOf(c) < 0);
    return usable
        ? Optional.empty()
        : Optional.of(
            "the realm must be printable ASCII without quote, backslash and colon, such as '%s'"
                .formatted(DEFAULT_REALM));
  }
}
