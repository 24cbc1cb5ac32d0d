package org.asynceventsource.test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A client of RFC 7616, written from its text and with no class of ours. */
public final class DigestClient {

  private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=(?:\"([^\"]*)\"|([^ ,]+))");

  private final String user;
  private final String password;
  private final Map<String, String> challenge;
  private long nc;

  private DigestClient(String user, String password, Map<String, String> challenge) {
    this.user = user;
    this.password = password;
    this.challenge = challenge;
  }

  public static DigestClient of(String user, String password, String challenge) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      parameters.put(
          matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
    }
    return new DigestClient(user, password, parameters);
  }

  public DigestClient as(String otherUser, String otherPassword) {
    return new DigestClient(otherUser, otherPassword, challenge);
  }

  public DigestClient withNonce(String nonce) {
    return with("nonce", nonce);
  }

  public DigestClient with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(challenge);
    changed.put(name, value);
    return new DigestClient(user, password, changed);
  }

  public String nonce() {
    return challenge.get("nonce");
  }

  /** The header field's value for the next request. */
  public String answer(String method, String uri) {
    return answer(method, uri, ++nc);
  }

  public String answer(String method, String uri, long count) {
    return header(parameters(method, uri, count));
  }

  /** The parameters as they are written, with their quotes, for a test to spoil. */
  public Map<String, String> parameters(String method, String uri, long count) {
    String digits = String.format("%08x", count);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("username", quoted(user));
    parameters.put("realm", quoted(challenge.get("realm")));
    parameters.put("nonce", quoted(nonce()));
    parameters.put("uri", quoted(uri));
    parameters.put("algorithm", challenge.get("algorithm"));
    parameters.put("qop", "auth");
    parameters.put("nc", digits);
    parameters.put("cnonce", quoted("c0ffee"));
    parameters.put("response", quoted(response(method, uri, digits)));
    if (challenge.containsKey("opaque")) {
      parameters.put("opaque", quoted(challenge.get("opaque")));
    }
    return parameters;
  }

  public static String header(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + '=' + parameter.getValue())
        .collect(Collectors.joining(", ", "Digest ", ""));
  }

  private String response(String method, String uri, String digits) {
    String ha1 = hash(user + ':' + challenge.get("realm") + ':' + password);
    String ha2 = hash(method + ':' + uri);
    return hash(ha1 + ':' + nonce() + ':' + digits + ":c0ffee:auth:" + ha2);
  }

  private String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance(challenge.get("algorithm"));
      byte[] bytes = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return String.format("%0" + 2 * bytes.length + "x", new BigInteger(1, bytes));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
