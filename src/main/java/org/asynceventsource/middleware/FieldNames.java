package org.asynceventsource.middleware;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names of header fields, which are the same in upper and lower case.
 *
 * @param names in lower case
 */
record FieldNames(Set<String> names) {

  static FieldNames of(Collection<String> names) {
    return new FieldNames(
        names.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()));
  }

  FieldNames without(List<String> others) {
    FieldNames left = of(others);
    return of(names.stream().filter(name -> !left.contains(name)).toList());
  }

  boolean contains(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }
}
