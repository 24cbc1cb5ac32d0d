package org.asynceventsource.servlet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses: {@code 10.0.0.0/8}, or one address alone.
 *
 * <p>IPv4 addresses mapped into IPv6 ({@code ::ffff:10.0.0.1}) count as IPv4. Names are never
 * looked up.
 */
public final class AddressRange {

  /** Strict, for what looks like an address and is none would be looked up as a name. */
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

  private final String text;
  private final byte[] network;
  private final int bits;

  private AddressRange(String text, byte[] network, int bits) {
    this.text = text;
    this.network = network;
    this.bits = bits;
  }

  /**
   * Reads an address or a range in CIDR notation (RFC 4632, RFC 4291 §2.3).
   *
   * @param text such as {@code 127.0.0.1}, {@code 10.0.0.0/8} or {@code fd00::/8}
   * @return the range, or empty if the text is no such thing
   */
  public static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = address(slash < 0 ? text : text.substring(0, slash));
    if (network == null) {
      return Optional.empty();
    }
    int width = network.length * Byte.SIZE;
    if (slash < 0) {
      return Optional.of(new AddressRange(text, network, width));
    }
    String suffix = text.substring(slash + 1);
    if (!BITS.matcher(suffix).matches() || Integer.parseInt(suffix) > width) {
      return Optional.empty();
    }
    return Optional.of(new AddressRange(text, network, Integer.parseInt(suffix)));
  }

  /**
   * Whether an address lies in this range.
   *
   * @param text an IP address; IPv6 with or without brackets and zone
   * @return false also if the text is no IP address
   */
  public boolean contains(String text) {
    byte[] address = address(text);
    if (address == null || address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if (((address[bit / Byte.SIZE] ^ network[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text is an IP address in a form that {@link #contains} understands. */
  static boolean isAddress(String text) {
    return address(text) != null;
  }

  private static byte @Nullable [] address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    int zone = bare.indexOf('%');
    String literal = zone < 0 ? bare : bare.substring(0, zone);
    if (!IPV4.matcher(literal).matches() && !IPV6.matcher(literal).matches()) {
      return null;
    }
    try {
      // Brackets forbid InetAddress to ask a name server.
      String host = literal.indexOf(':') < 0 ? literal : '[' + literal + ']';
      return InetAddress.getByName(host).getAddress();
    } catch (UnknownHostException notAnAddress) {
      return null;
    }
  }

  /** The range as it was given. */
  @Override
  public String toString() {
    return text;
  }
}
