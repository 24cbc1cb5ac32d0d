package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.spi.Origin;

/**
 * Lets only requests in that name a host of ours.
 *
 * <p>Against DNS rebinding: a foreign page whose host name suddenly points to this machine is of
 * the same origin for the browser; only the name gives it away. What a proxy says was asked for is
 * checked as well as the request's own host, never instead of it, since such a page can send any
 * header field.
 */
public final class HostGuard {

  private final Set<String> hosts;
  private final TrustedProxies proxies;

  /**
   * A guard.
   *
   * @param hosts the names and addresses of ours in lower case, IPv6 in brackets; empty to let
   *     everything in
   * @param proxies whose word on the host is checked too
   */
  public HostGuard(List<String> hosts, TrustedProxies proxies) {
    this.hosts = Set.copyOf(hosts);
    this.proxies = proxies;
  }

  /**
   * Judges a request.
   *
   * @param request the request, of any method
   * @return 421 (RFC 9110 §15.5.20), or empty to let it in
   */
  public Optional<Refusal> check(HttpServletRequest request) {
    if (hosts.isEmpty()) {
      return Optional.empty();
    }
    String own = TrustedProxies.ownHost(request);
    if (!isOurs(own)) {
      return Optional.of(refusal(own));
    }
    return proxies.forwardedHost(request).filter(host -> !isOurs(host)).map(HostGuard::refusal);
  }

  private boolean isOurs(String hostAndPort) {
    return Origin.of("", hostAndPort).filter(origin -> hosts.contains(origin.host())).isPresent();
  }

  private static Refusal refusal(String host) {
    return Refusal.of(
        421,
        "foreign host",
        "host '%s' is not served here".formatted(EventSourceException.printable(host)),
        "use one of this server's names, or add it to 'eventsource.hosts'");
  }
}
