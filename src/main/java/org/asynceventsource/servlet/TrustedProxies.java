package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.asynceventsource.spi.Forwarding;
import org.asynceventsource.spi.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word on a request's way is believed: {@code Forwarded} (RFC 7239) and {@code
 * X-Forwarded-For}, {@code -Proto}, {@code -Host}.
 *
 * <p>Proxies add to one of the two and let the other one pass as the client sent it; so where both
 * name an address, they are believed only if they agree.
 */
public final class TrustedProxies implements Forwarding {

  private final List<AddressRange> ranges;

  /**
   * A set of proxies.
   *
   * @param ranges their addresses; empty to believe nobody
   */
  public TrustedProxies(List<AddressRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /**
   * The address of the client: the last one on the request's way that is no trusted proxy.
   *
   * @param request the request
   * @return an IP address without brackets, zone and port, or whatever the container calls the peer
   */
  @Override
  public String clientAddress(HttpServletRequest request) {
    String peer = bare(request.getRemoteAddr());
    if (!trusts(peer)) {
      return peer;
    }
    List<String> standard = hops(request, "for");
    List<String> customary = HeaderSyntax.elements(request.getHeaders("X-Forwarded-For"));
    if (standard.isEmpty() || customary.isEmpty()) {
      return client(peer, standard.isEmpty() ? customary : standard);
    }
    String client = client(peer, standard);
    return client.equals(client(peer, customary)) ? client : peer;
  }

  /** The origin of the URL as the client sees it; empty if the request names no valid host. */
  Optional<Origin> origin(HttpServletRequest request) {
    String host = forwardedHost(request).orElseGet(() -> ownHost(request));
    return Origin.of(forwardedScheme(request).orElse(request.getScheme()), host);
  }

  /** A proxy that is trusted knows better than the container, which sees the proxy alone. */
  @Override
  public boolean isSecure(HttpServletRequest request) {
    return forwardedScheme(request).map("https"::equalsIgnoreCase).orElseGet(request::isSecure);
  }

  private Optional<String> forwardedScheme(HttpServletRequest request) {
    return forwarded(request, "proto", "X-Forwarded-Proto");
  }

  /** The host that a trusted proxy says was asked for. */
  Optional<String> forwardedHost(HttpServletRequest request) {
    return forwarded(request, "host", "X-Forwarded-Host");
  }

  /** The host that the request itself names. */
  static String ownHost(HttpServletRequest request) {
    String host = request.getHeader("Host");
    // HTTP/2 has :authority instead, which not every container shows as a header field.
    return host == null || host.isBlank()
        ? request.getServerName() + ':' + request.getServerPort()
        : host;
  }

  private Optional<String> forwarded(HttpServletRequest request, String name, String customary) {
    if (!trusts(bare(request.getRemoteAddr()))) {
      return Optional.empty();
    }
    // The first is the one nearest to the client.
    List<String> values = hops(request, name);
    values.addAll(HeaderSyntax.elements(request.getHeaders(customary)));
    return values.stream().findFirst();
  }

  private String client(String peer, List<String> hops) {
    String client = peer;
    for (int i = hops.size() - 1; i >= 0 && trusts(client); i--) {
      String hop = bare(hops.get(i));
      if (!AddressRange.isAddress(hop)) {
        // "unknown" or an obfuscated name: what it told of the hops before can't be judged.
        return client;
      }
      client = hop;
    }
    return client;
  }

  private boolean trusts(String address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> hops(HttpServletRequest request, String name) {
    List<String> values = new ArrayList<>();
    for (String element : HeaderSyntax.elements(request.getHeaders("Forwarded"))) {
      Map<String, String> parameters = HeaderSyntax.parameters(HeaderSyntax.split(element, ';'));
      @Nullable String value = parameters.get(name);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** Takes brackets, zone and port off an address. */
  private static String bare(String node) {
    if (node.startsWith("[")) {
      int end = node.indexOf(']');
      return end < 0 ? node : withoutZone(node.substring(1, end));
    }
    int colon = node.indexOf(':');
    boolean port = colon >= 0 && colon == node.lastIndexOf(':');
    return withoutZone(port ? node.substring(0, colon) : node);
  }

  private static String withoutZone(String address) {
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }
}
