package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Authorization header field: a scheme and what follows it (RFC 9110 §11.4), read strictly.
 *
 * <p>A second field, control characters and more than {@value #MAX_LENGTH} characters are refused
 * whatever the scheme is.
 */
final class AuthorizationHeader {

  static final int MAX_LENGTH = 8 * 1024;

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final String text;
  private int at;

  private AuthorizationHeader(String text) {
    this.text = text;
  }

  /** The request's credentials, or empty if it has none. */
  static Optional<AuthorizationHeader> of(HttpServletRequest request) {
    Enumeration<String> fields = request.getHeaders("Authorization");
    if (fields == null || !fields.hasMoreElements()) {
      return Optional.empty();
    }
    String field = fields.nextElement();
    if (fields.hasMoreElements()) {
      throw new MalformedCredentialsException("more than one Authorization header field");
    }
    return Optional.of(of(field));
  }

  static AuthorizationHeader of(String field) {
    if (field.length() > MAX_LENGTH) {
      throw new MalformedCredentialsException("the Authorization header field is too long");
    }
    if (field.chars().anyMatch(AuthorizationHeader::isControlByte)) {
      throw new MalformedCredentialsException(
          "the Authorization header field has a control character");
    }
    return new AuthorizationHeader(field);
  }

  boolean hasScheme(String scheme) {
    int length = scheme.length();
    return text.regionMatches(true, 0, scheme, 0, length)
        && (text.length() == length || text.charAt(length) == ' ');
  }

  /**
   * The parameters behind the scheme (RFC 9110 §11.2): each name in lower case and once, each value
   * a token or a quoted string.
   */
  Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>();
    at = Math.max(text.indexOf(' '), 0);
    for (skipSpacesAndCommas(); at < text.length(); skipSpacesAndCommas()) {
      String name = token().toLowerCase(Locale.ROOT);
      skipSpaces();
      expect('=');
      skipSpaces();
      String value = peek() == '"' ? quotedString() : token();
      if (parameters.putIfAbsent(name, value) != null) {
        throw new MalformedCredentialsException("a parameter of Authorization appears twice");
      }
      skipSpaces();
      if (at < text.length()) {
        expect(',');
      }
    }
    return parameters;
  }

  /**
   * What some schemes have instead of parameters (RFC 9110 §11.2, token68): one word, which may end
   * in {@code =}.
   */
  String word() {
    int space = text.indexOf(' ');
    String word = space < 0 ? "" : text.substring(space).strip();
    if (!isWord(word)) {
      throw new MalformedCredentialsException(
          "the Authorization header field has not one word behind its scheme");
    }
    return word;
  }

  /** Whether a text can stand in the header field by itself. */
  static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }

  private String token() {
    int start = at;
    while (at < text.length() && isTokenCharacter(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw badSyntax();
    }
    return text.substring(start, at);
  }

  private String quotedString() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && ++at == text.length()) {
        break;
      }
      value.append(text.charAt(at));
    }
    throw badSyntax();
  }

  private void skipSpaces() {
    while (peek() == ' ') {
      at++;
    }
  }

  private void skipSpacesAndCommas() {
    while (peek() == ' ' || peek() == ',') {
      at++;
    }
  }

  private void expect(char c) {
    if (peek() != c) {
      throw badSyntax();
    }
    at++;
  }

  /** The character that comes next, NUL at the end: it can't be in the text. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  /** 0x80 to 0x9F are none: they are parts of letters in UTF-8. */
  private static boolean isControlByte(int c) {
    return c < ' ' || c == 0x7F;
  }

  private static boolean isTokenCharacter(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0);
  }

  private static MalformedCredentialsException badSyntax() {
    return new MalformedCredentialsException(
        "the Authorization header field is not a list of name=value and name=\"value\"");
  }
}
