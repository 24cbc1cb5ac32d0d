package org.asynceventsource.test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A client of RFC 7616, written from its text and with no class of ours. */
public final class DigestClient {

  private static final String SESSION = "-sess";
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

  /** With another cnonce for the requests, and the one that their session began with. */
  public DigestClient withCnonce(String cnonce, String sessionCnonce) {
    return with("cnonce", cnonce).with("session", sessionCnonce);
  }

  /** With digests that cover the body of requests; it is the same for all of them. */
  public DigestClient covering(String body) {
    return with("body", body);
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
    String digits = HexFormat.of().toHexDigits(count, 8);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("username", quoted(hashesName() ? hash(user + ':' + realm()) : user));
    parameters.put("realm", quoted(realm()));
    parameters.put("nonce", quoted(nonce()));
    parameters.put("uri", quoted(uri));
    parameters.put("algorithm", challenge.get("algorithm"));
    parameters.put("qop", qop());
    parameters.put("nc", digits);
    parameters.put("cnonce", quoted(cnonce()));
    parameters.put("response", quoted(response(method + ':' + uri + covered(), digits)));
    if (hashesName()) {
      parameters.put("userhash", "true");
    }
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

  /** What the server proves with that it knows the password too. */
  public String proof(String uri, long count) {
    return response(':' + uri, HexFormat.of().toHexDigits(count, 8));
  }

  private String response(String a2, String digits) {
    String ha1 = hash(user + ':' + realm() + ':' + password);
    if (challenge.get("algorithm").endsWith(SESSION)) {
      ha1 = hash(ha1 + ':' + nonce() + ':' + challenge.getOrDefault("session", cnonce()));
    }
    return hash(String.join(":", ha1, nonce(), digits, cnonce(), qop(), hash(a2)));
  }

  private String qop() {
    return challenge.containsKey("body") ? "auth-int" : "auth";
  }

  private String covered() {
    return challenge.containsKey("body") ? ':' + hash(challenge.get("body")) : "";
  }

  private String realm() {
    return challenge.get("realm");
  }

  private String cnonce() {
    return challenge.getOrDefault("cnonce", "c0ffee");
  }

  private boolean hashesName() {
    return "true".equals(challenge.get("userhash"));
  }

  private String hash(String text) {
    try {
      String name = challenge.get("algorithm").replace(SESSION, "").replace("512-", "512/");
      byte[] bytes = MessageDigest.getInstance(name).digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
