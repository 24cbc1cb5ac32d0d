package org.asynceventsource.spi;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * How a request came here, as far as proxies are trusted to tell. Any thread; must not block.
 *
 * <p>The application's own is found by {@link #of}, wherever a filter stands.
 */
public interface Forwarding {

  /** For an application that has none: the word of the container. */
  Forwarding NONE =
      new Forwarding() {
        @Override
        public String clientAddress(HttpServletRequest request) {
          return request.getRemoteAddr();
        }

        @Override
        public boolean isSecure(HttpServletRequest request) {
          return request.isSecure();
        }
      };

  /**
   * The address of the client.
   *
   * @param request the request
   * @return an IP address, or whatever the container calls the peer
   */
  String clientAddress(HttpServletRequest request);

  /**
   * Whether the client used TLS.
   *
   * @param request the request
   * @return true if nobody between the client and the first trusted proxy can read along
   */
  boolean isSecure(HttpServletRequest request);

  /**
   * Makes this the one that {@link #of} finds.
   *
   * @param context the application
   */
  default void share(ServletContext context) {
    context.setAttribute(Forwarding.class.getName(), this);
  }

  /**
   * What knows how a request came.
   *
   * @param request the request
   * @return the application's, or {@link #NONE}
   */
  static Forwarding of(HttpServletRequest request) {
    return request.getServletContext().getAttribute(Forwarding.class.getName())
            instanceof Forwarding shared
        ? shared
        : NONE;
  }

  /**
   * What counts as one client, where addresses are counted: an IPv4 address, or the first 64 bits
   * of an IPv6 address, since whoever has one has all that begin so (RFC 6177).
   *
   * @param address as {@link #clientAddress} tells it
   * @return the address itself, or the network such as {@code 2001:db8:0:1::/64}
   */
  static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      // Brackets forbid InetAddress to ask a name server.
      InetAddress parsed = InetAddress.getByName('[' + address.replaceAll("[\\[\\]]", "") + ']');
      return parsed instanceof Inet6Address ? prefix(parsed.getAddress()) : parsed.getHostAddress();
    } catch (UnknownHostException notAnAddress) {
      return address;
    }
  }

  private static String prefix(byte[] address) {
    StringBuilder prefix = new StringBuilder();
    for (int i = 0; i < 8; i += 2) {
      int group = ((address[i] & 0xff) << 8) | (address[i + 1] & 0xff);
      prefix.append(Integer.toHexString(group)).append(':');
    }
    return prefix.append(":/64").toString();
  }
}
