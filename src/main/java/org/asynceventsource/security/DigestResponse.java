package org.asynceventsource.security;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client answers to a digest challenge (RFC 7616 §3.4), checked for form and nothing else.
 *
 * <p>Its description shows nothing: every part of it is a credential.
 */
record DigestResponse(
    String username,
    boolean nameHashed,
    String realm,
    String nonce,
    String uri,
    String response,
    OfferedAlgorithm algorithm,
    String cnonce,
    String nc,
    String qop,
    @Nullable String opaque) {

  /** RFC 7616 §3.4: what a client means that names no algorithm. */
  private static final String ALGORITHM_WHEN_ABSENT = "MD5";

  private static final String EXTENDED_USERNAME = "username*";
  private static final String WITH_BODY = "auth-int";
  private static final int NC_DIGITS = 8;

  /** The realm that the parameters claim to be for, so that those for others can be left alone. */
  static String realm(Map<String, String> parameters) {
    return required(parameters, "realm");
  }

  /** The algorithm's name in the parameters. */
  static String algorithm(Map<String, String> parameters) {
    return parameters.getOrDefault("algorithm", ALGORITHM_WHEN_ABSENT);
  }

  /**
   * Reads the parameters.
   *
   * @param algorithm theirs, one of those offered
   * @param options what else was offered
   * @throws MalformedCredentialsException if they are incomplete, or not what was offered
   */
  static DigestResponse of(
      Map<String, String> parameters, OfferedAlgorithm algorithm, DigestOptions options) {
    boolean nameHashed = parameters.getOrDefault("userhash", "false").equalsIgnoreCase("true");
    if (nameHashed && !options.userhash()) {
      throw new MalformedCredentialsException(
          "the user name of Authorization has a form that was not offered");
    }
    if (parameters.containsKey(EXTENDED_USERNAME)
        && (nameHashed || parameters.containsKey("username"))) {
      throw new MalformedCredentialsException(
          "Authorization has 'username*' beside another form of the name; one is enough");
    }
    int digits = algorithm.hash().hexDigits();
    return new DigestResponse(
        nameHashed ? hex(parameters, "username", digits) : username(parameters),
        nameHashed,
        realm(parameters),
        required(parameters, "nonce"),
        required(parameters, "uri"),
        hex(parameters, "response", digits),
        algorithm,
        nonEmpty(parameters, "cnonce"),
        count(parameters),
        qop(parameters, options.protectedBody() > 0),
        parameters.get("opaque"));
  }

  /** The count of requests with this nonce, 1 to 2³² - 1. */
  long count() {
    return HexFormat.fromHexDigitsToLong(nc);
  }

  /** RFC 7616 §3.4: either of both forms, never both. */
  private static String username(Map<String, String> parameters) {
    String extended = parameters.get(EXTENDED_USERNAME);
    if (extended == null) {
      return HeaderText.decode(required(parameters, "username"));
    }
    return ExtendedValue.decode(EXTENDED_USERNAME, extended);
  }

  /** Whether the digest covers the body of the request too. */
  boolean coversBody() {
    return qop.equals(WITH_BODY);
  }

  private static String count(Map<String, String> parameters) {
    if (HexFormat.fromHexDigitsToLong(hex(parameters, "nc", NC_DIGITS)) == 0) {
      throw new MalformedCredentialsException(
          "parameter 'nc' of Authorization begins with 1, not 0");
    }
    return required(parameters, "nc"); // as sent: it is part of the digest
  }

  private static String qop(Map<String, String> parameters, boolean withBody) {
    String qop = required(parameters, "qop");
    if (qop.equals("auth") || (withBody && qop.equals(WITH_BODY))) {
      return qop;
    }
    throw new MalformedCredentialsException(
        "parameter 'qop' of Authorization is not one that was offered");
  }

  private static String hex(Map<String, String> parameters, String name, int digits) {
    String value = required(parameters, name);
    if (value.length() != digits || !value.chars().allMatch(HexFormat::isHexDigit)) {
      throw new MalformedCredentialsException(
          "parameter '%s' of Authorization must be %d hexadecimal digits".formatted(name, digits));
    }
    return value.toLowerCase(Locale.ROOT);
  }

  private static String nonEmpty(Map<String, String> parameters, String name) {
    String value = required(parameters, name);
    if (value.isEmpty()) {
      throw new MalformedCredentialsException(
          "parameter '%s' of Authorization is empty".formatted(name));
    }
    return value;
  }

  private static String required(Map<String, String> parameters, String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new MalformedCredentialsException(
          "parameter '%s' of Authorization is missing".formatted(name));
    }
    return value;
  }

  @Override
  public String toString() {
    return "DigestResponse";
  }
}
