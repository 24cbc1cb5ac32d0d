package org.asynceventsource.spi;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scheme, host and port: what browsers call an origin (RFC 6454).
 *
 * @param scheme such as {@code https}, in lower case
 * @param host a name or an address, IPv6 in brackets, in lower case
 * @param port the port, the scheme's own if none is named; -1 if that is unknown
 */
public record Origin(String scheme, String host, int port) {

  /**
   * The request attribute that holds the origin of a foreign page that has been let in by name.
   * Only code of the server can set it.
   */
  public static final String WELCOME = "org.asynceventsource.welcomeOrigin";

  private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);
  private static final Pattern SERIALIZED = Pattern.compile("([a-z][a-z0-9+.-]*)://(.+)");
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9a-f:.]+]|[^\\[\\]:/?#@\\s]+)(?::([0-9]{0,5}))?");

  /**
   * Reads the value of a header field {@code Origin}; {@code null} there is no origin.
   *
   * @param text the value
   * @return the origin, or empty if the text is none
   */
  public static Optional<Origin> parse(String text) {
    Matcher origin = SERIALIZED.matcher(text.strip().toLowerCase(Locale.ROOT));
    return origin.matches() ? of(origin.group(1), origin.group(2)) : Optional.empty();
  }

  /**
   * Puts together a scheme and the value of a header field {@code Host}.
   *
   * @param scheme such as {@code https}
   * @param hostAndPort such as {@code localhost:8080}
   * @return the origin, or empty if they make none
   */
  public static Optional<Origin> of(String scheme, String hostAndPort) {
    Matcher authority = AUTHORITY.matcher(hostAndPort.strip().toLowerCase(Locale.ROOT));
    if (!authority.matches()) {
      return Optional.empty();
    }
    String lowerScheme = scheme.toLowerCase(Locale.ROOT);
    String port = authority.group(2);
    return Optional.of(
        new Origin(
            lowerScheme,
            authority.group(1),
            port == null || port.isEmpty()
                ? PORTS.getOrDefault(lowerScheme, -1)
                : Integer.parseInt(port)));
  }

  /**
   * The origin as browsers write it: without the port that is the scheme's own (RFC 6454 §6.2).
   *
   * @return such as {@code https://app.example:8443}
   */
  public String serialized() {
    boolean usual = port < 0 || port == PORTS.getOrDefault(scheme, -1);
    return scheme + "://" + host + (usual ? "" : ":" + port);
  }
}
