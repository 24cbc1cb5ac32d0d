package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes bytes as the header field Authorization, as far as digests go without a user; and as name
 * and password of basic authentication.
 *
 * <p>Now and then, which is if an input's length is a multiple of 8, what stands between the first
 * two bytes 0xFF is repeated until the field is about as long as one may be: the fuzzer itself
 * doesn't get there with the short inputs that keep it quick.
 */
public final class AuthorizationInput {

  private static final List<OfferedAlgorithm> ALL =
      Stream.of("SHA-256", "MD5", "SHA-512-256", "SHA-256-sess", "MD5-sess", "SHA-512-256-sess")
          .map(token -> OfferedAlgorithm.parse(token).orElseThrow())
          .toList();

  private static final List<DigestOptions> OPTIONS =
      List.of(
          DigestOptions.of("eventsource").withOffers(ALL),
          DigestOptions.of("eventsource")
              .withOffers(ALL)
              .withUserhash(true)
              .withProtectedBodies(1_000, 1_000));

  private static final BasicAuthenticationMechanism BASIC =
      BasicAuthenticationMechanism.of("eventsource", IdentityStores.of());

  private static final char REPEATED = 0xFF;
  private static final int ABOUT = 16;
  private static final int SELDOM = 8;

  private AuthorizationInput() {}

  /** The field that is sent for an input; a character for each byte, as containers hand it out. */
  public static String field(byte[] input) {
    String text = new String(input, ISO_8859_1);
    int begin = text.indexOf(REPEATED);
    int end = text.indexOf(REPEATED, begin + 1);
    if (begin < 0 || end <= begin + 1 || input.length % SELDOM != 0) {
      return text;
    }
    String unit = text.substring(begin + 1, end);
    String tail = text.substring(end + 1);
    int length = AuthorizationHeader.MAX_LENGTH - ABOUT / 2 + tail.length() % ABOUT;
    int room = Math.max(0, length - begin - tail.length());
    return text.substring(0, begin)
        + unit.repeat(room / unit.length())
        + unit.substring(0, room % unit.length())
        + tail;
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    String field = field(input);
    readBasic("Basic " + field);
    readBasic("Basic " + Base64.getEncoder().encodeToString(input));
    for (DigestOptions options : OPTIONS) {
      try {
        read(field, options);
        requireShort(field);
      } catch (MalformedCredentialsException expected) {
        requireHarmless(expected.reason());
      }
    }
    try {
      ExtendedValue.decode("username*", field);
    } catch (MalformedCredentialsException expected) {
      requireHarmless(expected.reason());
    }
  }

  private static void read(String field, DigestOptions options) {
    AuthorizationHeader header = AuthorizationHeader.of(field);
    if (!header.hasScheme("Digest")) {
      header.word();
      return;
    }
    Map<String, String> sent = header.parameters();
    DigestResponse.realm(sent);
    Optional<OfferedAlgorithm> algorithm =
        OfferedAlgorithm.parse(DigestResponse.algorithm(sent)).filter(options.offers()::contains);
    if (algorithm.isPresent()) {
      require(DigestResponse.of(sent, algorithm.get(), options), algorithm.get());
    }
  }

  private static void readBasic(String field) {
    try {
      BasicCredential credential =
          (BasicCredential) BASIC.credential(AuthorizationHeader.of(field));
      requireShort(field);
      String pair = credential.getCaller() + ':' + credential.getPasswordAsString();
      boolean right =
          credential.getCaller().indexOf(':') < 0
              && pair.chars().noneMatch(Character::isISOControl)
              && isSent(pair, field.substring("Basic ".length()).strip());
      if (!right) {
        throw new AssertionError("a name and a password that can't be");
      }
    } catch (MalformedCredentialsException expected) {
      requireHarmless(expected.reason());
    }
  }

  /** Whether a pair is what was sent, in one of the two charsets that it may be in. */
  private static boolean isSent(String pair, String word) {
    byte[] sent = Base64.getDecoder().decode(word);
    return Arrays.equals(sent, pair.getBytes(UTF_8))
        || Arrays.equals(sent, pair.getBytes(ISO_8859_1));
  }

  private static void requireShort(String field) {
    if (field.length() > AuthorizationHeader.MAX_LENGTH) {
      throw new AssertionError("a field of %d characters".formatted(field.length()));
    }
  }

  private static void require(DigestResponse response, OfferedAlgorithm algorithm) {
    boolean right =
        response.count() > 0
            && response.count() <= 0xffff_ffffL
            && response.response().length() == algorithm.hash().hexDigits()
            && response.username().chars().noneMatch(c -> c < ' ');
    if (!right) {
      throw new AssertionError("an answer that can't be");
    }
    new DigestCredential(response, "GET", response.cnonce(), new byte[0])
        .verify("0".repeat(algorithm.hash().hexDigits()));
  }

  /** The reason goes to the log and to the client: it must not hold what was sent. */
  private static void requireHarmless(String reason) {
    if (!reason.matches("[ -~]{1,120}")) {
      throw new AssertionError(reason);
    }
  }
}
