package org.asynceventsource.servlet;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of a header field {@code Content-Type} (RFC 9110 §8.3).
 *
 * @param name such as {@code text/plain}, in lower case; empty if there is none
 * @param charset the parameter of that name, if there is one
 */
record MediaType(String name, Optional<String> charset) {

  static MediaType parse(@Nullable String field) {
    List<String> parts = field == null ? List.of() : HeaderSyntax.split(field, ';');
    if (parts.isEmpty()) {
      return new MediaType("", Optional.empty());
    }
    return new MediaType(
        parts.get(0).toLowerCase(Locale.ROOT),
        Optional.ofNullable(
            HeaderSyntax.parameters(parts.subList(1, parts.size())).get("charset")));
  }
}
