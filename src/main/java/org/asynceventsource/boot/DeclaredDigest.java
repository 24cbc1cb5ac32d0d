package org.asynceventsource.boot;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.asynceventsource.security.OfferedAlgorithm;

/** The declarations of the settings of digest authentication; the others are {@link Declared}. */
final class DeclaredDigest {

  private static final Pattern DOMAIN_URI = Pattern.compile("(/|https?://[^/])[!#-\\[\\]-~]*");

  /** As a realm is: clients disagree on other characters. */
  private static final Pattern OPAQUE_TEXT = Pattern.compile("[ !#-9;-\\[\\]-~]+");

  private static final SettingType<List<String>> TOKENS =
      SettingType.list("", text -> OfferedAlgorithm.parse(text).map(OfferedAlgorithm::token));

  static final Setting<List<String>> ALGORITHMS =
      Setting.of(
          "digest.algorithms",
          new SettingType<>(
              "a list of SHA-256, SHA-512-256 and MD5, each also with -sess",
              text -> TOKENS.parser().apply(text).filter(list -> !list.isEmpty())),
          "SHA-256",
          "Digest algorithms offered, the one that is preferred first: `SHA-256`, which all current"
              + " clients know, `SHA-512-256`, `MD5` for clients that know nothing better, and each"
              + " with `-sess`.");

  static final Setting<String> OPAQUE =
      Setting.of(
          "digest.opaque",
          SettingType.text(
              "printable ASCII without quote, backslash and colon",
              text -> text.isEmpty() || OPAQUE_TEXT.matcher(text).matches()),
          "",
          "Text that clients have to send back with their digests; the same for all, and no secret.");

  static final Setting<List<String>> DOMAIN =
      Setting.of(
          "digest.domain",
          SettingType.list(
              "a list of paths such as /events and of URIs such as https://example.com/",
              uri -> Optional.of(uri).filter(text -> DOMAIN_URI.matcher(text).matches())),
          "",
          "Paths and URIs that a login holds for; empty for the whole server.");

  static final Setting<Boolean> CHARSET =
      Setting.of(
          "digest.charset",
          SettingType.BOOLEAN,
          "false",
          "Whether clients are told that names and passwords are hashed as UTF-8, as they are in any"
              + " case.");

  static final Setting<Boolean> USERHASH =
      Setting.of(
          "digest.userhash",
          SettingType.BOOLEAN,
          "false",
          "Whether clients may send a hash instead of the user's name; some can't log in then.");

  static final Setting<Duration> NONCE_LIFETIME =
      Setting.of(
          "digest.nonce-lifetime",
          SettingType.POSITIVE_DURATION,
          "5m",
          "How long a nonce is good for; then clients get another without asking their users.");

  static final Setting<Integer> NONCES =
      Setting.of(
          "digest.nonces",
          SettingType.wholeNumber(1, 1_000_000),
          "10000",
          "Most nonces in use that are remembered, against requests that are sent twice.");

  static final Setting<Boolean> INTEGRITY =
      Setting.of(
          "digest.integrity",
          SettingType.BOOLEAN,
          "false",
          "Whether clients may send digests that cover the body of a request too (`auth-int`); such"
              + " a body is read before it is known whose it is.");

  static final Setting<Long> LIMITS_INTEGRITY =
      Setting.of(
          "limits.integrity",
          SettingType.size(1, "1024GB"),
          "16MB",
          "Most memory for bodies that such digests cover and that are being read.");

  private DeclaredDigest() {}
}
