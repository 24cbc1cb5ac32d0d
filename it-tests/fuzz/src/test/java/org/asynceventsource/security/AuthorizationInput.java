package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes bytes as the header field Authorization, as far as digests go without a user. */
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

  private AuthorizationInput() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    String field = new String(input, ISO_8859_1); // as containers hand it out
    for (DigestOptions options : OPTIONS) {
      try {
        read(field, options);
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
