package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client takes, as its header field {@code Accept} says (RFC 9110 §12.5.1).
 *
 * <p>Tolerant: ranges that are malformed don't count, a weight that is malformed counts as 1, other
 * parameters don't matter; if nothing is left, everything is taken.
 */
public final class Negotiation {

  private static final Pattern WEIGHT = Pattern.compile("[01]?(\\.[0-9]*)?");
  private static final Pattern RANGE =
      Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+");

  private final List<Range> ranges;

  private Negotiation(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * Reads what the client of a request takes.
   *
   * @param request the request
   * @return its preferences
   */
  public static Negotiation of(HttpServletRequest request) {
    List<Range> ranges = new ArrayList<>();
    for (String element : HeaderSyntax.elements(request.getHeaders("Accept"))) {
      Range.parse(element).ifPresent(ranges::add);
    }
    return new Negotiation(ranges);
  }

  /**
   * Whether the client of a request takes a media type.
   *
   * @param request the request
   * @param type as in {@link #accepts(String)}
   * @return false if the client excludes it
   */
  static boolean accepts(HttpServletRequest request, String type) {
    // What an EventSource sends needs no parser.
    return type.equals(request.getHeader("Accept")) || of(request).accepts(type);
  }

  /**
   * Whether the client takes a media type.
   *
   * @param type such as {@code text/event-stream}, in lower case and without parameters
   * @return false if the client excludes it
   */
  public boolean accepts(String type) {
    return weight(type) > 0;
  }

  /**
   * How much the client likes a media type: what the most specific range that matches says.
   *
   * @param type such as {@code text/event-stream}, in lower case and without parameters
   * @return from 0 (not at all) to 1
   */
  public double weight(String type) {
    if (ranges.isEmpty()) {
      return 1;
    }
    int best = 0;
    double weight = 0;
    for (Range range : ranges) {
      int specificity = range.specificity(type);
      if (specificity > best || (specificity == best && specificity > 0 && range.weight > weight)) {
        best = specificity;
        weight = range.weight;
      }
    }
    return weight;
  }

  /**
   * Whether the client likes one media type better than another.
   *
   * @param type such as {@code application/json}
   * @param other the type that it gets if it doesn't care
   * @return true if it clearly prefers the first
   */
  boolean prefers(String type, String other) {
    return weight(type) > weight(other);
  }

  private record Range(String type, double weight) {

    static Optional<Range> parse(String element) {
      List<String> parts = HeaderSyntax.split(element, ';');
      if (parts.isEmpty()) {
        return Optional.empty();
      }
      String type = parts.get(0).toLowerCase(Locale.ROOT);
      // Old Java clients send a lone asterisk.
      type = type.equals("*") ? "*/*" : type;
      if (!RANGE.matcher(type).matches()) {
        return Optional.empty();
      }
      Map<String, String> parameters = HeaderSyntax.parameters(parts.subList(1, parts.size()));
      return Optional.of(new Range(type, weight(parameters.getOrDefault("q", "1"))));
    }

    private static double weight(String text) {
      boolean valid = WEIGHT.matcher(text).matches() && text.chars().anyMatch(Character::isDigit);
      return valid ? Math.min(1, Double.parseDouble(text)) : 1;
    }

    /** 3 for this type, 2 for its family, 1 for any, 0 for no match. */
    int specificity(String candidate) {
      if (type.equals(candidate)) {
        return 3;
      }
      String family = candidate.substring(0, candidate.indexOf('/') + 1);
      if (type.equals(family + '*')) {
        return 2;
      }
      return type.equals("*/*") ? 1 : 0;
    }
  }
}
