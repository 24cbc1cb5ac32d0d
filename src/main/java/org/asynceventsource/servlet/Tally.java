package org.asynceventsource.servlet;

import org.jspecify.annotations.Nullable;

/**
 * How many events one request has published, and the ids of the first and the last one.
 *
 * @param count how many
 * @param first the first one's id; {@code null} if there is none
 * @param last the last one's id; {@code null} if there is none
 */
record Tally(long count, @Nullable String first, @Nullable String last) {

  static final Tally NONE = new Tally(0, null, null);

  Tally plus(String id) {
    return new Tally(count + 1, first == null ? id : first, id);
  }

  /** Count, first and last, a line each: own ids may have spaces but no line ends. */
  String text() {
    return count == 0 ? "0\n" : count + "\n" + first + '\n' + last + '\n';
  }

  /**
   * The same as a JSON object.
   *
   * @param error why there are no more, or {@code null} if these are all
   */
  String json(@Nullable String error) {
    String more = error == null ? "" : ",\"error\":" + JsonText.quoted(error);
    return "{\"count\":%d,\"first\":%s,\"last\":%s%s}"
            .formatted(count, quoted(first), quoted(last), more)
        + '\n';
  }

  private static String quoted(@Nullable String id) {
    return id == null ? "null" : JsonText.quoted(id);
  }
}
