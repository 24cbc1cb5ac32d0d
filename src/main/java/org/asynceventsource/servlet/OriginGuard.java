package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.spi.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Keeps foreign pages from publishing with their visitor's credentials (cross-site request
 * forgery).
 *
 * <p>A browser names the page that sends a POST in {@code Origin}, and says in {@code
 * Sec-Fetch-Site} how it relates to the URL; pages can change neither. The browser's own verdict
 * {@code same-origin} is believed, since behind a proxy that ends TLS it knows the URL's scheme and
 * we may not. Clients that aren't browsers send neither field and are let in.
 */
public final class OriginGuard {

  private final Set<String> hosts;
  private final TrustedProxies proxies;

  /**
   * A guard.
   *
   * @param hosts the hosts whose pages may publish besides those of the same origin, in lower case
   * @param proxies whose word on the URL's scheme and host is believed
   */
  public OriginGuard(List<String> hosts, TrustedProxies proxies) {
    this.hosts = Set.copyOf(hosts);
    this.proxies = proxies;
  }

  /**
   * Judges a publishing request.
   *
   * @param request the request
   * @return 403, or empty to let it in
   */
  public Optional<Refusal> check(HttpServletRequest request) {
    @Nullable String site = request.getHeader("Sec-Fetch-Site");
    @Nullable String text = request.getHeader("Origin");
    if (text == null) {
      return "cross-site".equals(site) || "same-site".equals(site)
          ? Optional.of(refusal("(hidden)"))
          : Optional.empty();
    }
    Optional<Origin> origin = Origin.parse(text);
    if (origin.isEmpty()) {
      return Optional.of(refusal(text));
    }
    return mayPublish(origin.get(), site, request) ? Optional.empty() : Optional.of(refusal(text));
  }

  private boolean mayPublish(Origin origin, @Nullable String site, HttpServletRequest request) {
    if (hosts.contains(origin.host())
        || "same-origin".equals(site)
        || origin.equals(request.getAttribute(Origin.WELCOME))) {
      return true;
    }
    return !"cross-site".equals(site) && proxies.origin(request).filter(origin::equals).isPresent();
  }

  private static Refusal refusal(String origin) {
    return Refusal.of(
        403,
        "foreign origin",
        "pages of origin '%s' may not publish here"
            .formatted(EventSourceException.printable(origin)),
        "publish from a page of this server, or list its origin in 'eventsource.cors.origins'");
  }
}
