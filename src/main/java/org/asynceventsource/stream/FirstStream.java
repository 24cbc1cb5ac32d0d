package org.asynceventsource.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asynceventsource.EventSourceException;

/**
 * Says once, in one readable block, what the first stream of an event source tells of the way to
 * its clients: that it is asynchronous, protocol, proxies, compression; and what is wrong there,
 * with the remedy.
 *
 * <p>Any thread may ask; one gets to look.
 */
final class FirstStream {

  private static final List<String> PROXY_FIELDS =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Via");

  private final AtomicBoolean seen = new AtomicBoolean();
  private final String path;

  FirstStream(String path) {
    this.path = path;
  }

  /**
   * Looks if nobody has.
   *
   * @param request the request of an open stream
   * @param response its response, with everything on its way that a container or filter adds
   * @param async as the container made it
   * @param address what we took the client's address to be
   */
  void look(
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncContext async,
      String address) {
    if (seen.getPlain() || !seen.compareAndSet(false, true)) {
      return;
    }
    try {
      tell(request, response, async, address);
    } catch (RuntimeException e) { // of a wrapper; the stream doesn't depend on it
      Log.LOGGER.log(Level.WARNING, "what the first stream tells can't be told", e);
    }
  }

  private void tell(
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncContext async,
      String address) {
    List<String> warnings = new ArrayList<>();
    List<String> lines =
        List.of(
            "first stream at " + request.getContextPath() + path,
            "  async       supported", // or there would be no context
            "  protocol    " + request.getProtocol() + ", " + request.getScheme(),
            "  timeout     " + timeout(async),
            "  proxies     " + proxies(request, address, warnings),
            "  compression " + compression(response, warnings));
    String text =
        Stream.concat(lines.stream(), warnings.stream().map(warning -> "  ! " + warning))
            .collect(Collectors.joining("\n"));
    Log.LOGGER.log(warnings.isEmpty() ? Level.INFO : Level.WARNING, text);
  }

  private static String timeout(AsyncContext async) {
    return async.getTimeout() <= 0
        ? "none"
        : "none, instead of the container's %d ms".formatted(async.getTimeout());
  }

  private static String proxies(HttpServletRequest request, String address, List<String> warnings) {
    List<String> fields =
        PROXY_FIELDS.stream().filter(name -> request.getHeader(name) != null).toList();
    if (fields.isEmpty()) {
      return "none that tell of themselves";
    }
    boolean believed = !bare(request.getRemoteAddr()).equals(address);
    boolean names = fields.contains("Forwarded") || fields.contains("X-Forwarded-For");
    boolean sameMachine = address.equals(request.getHeader("X-Forwarded-For"));
    if (names && !believed && !sameMachine) {
      warnings.add(
          "clients seem to come from '%s', which is a proxy's address if that sent %s; name it in 'eventsource.trusted-proxies' then"
              .formatted(EventSourceException.printable(address), String.join(" and ", fields)));
    }
    return String.join(", ", fields);
  }

  /** A peer's address as we write them: without brackets, zone and port. */
  private static String bare(String peer) {
    return peer.replaceFirst("^\\[([^]]*)].*", "$1")
        .replaceFirst("^([^:]*):[0-9]*$", "$1")
        .replaceFirst("%.*", "");
  }

  private static String compression(HttpServletResponse response, List<String> warnings) {
    String coding = response.getHeader("Content-Encoding");
    if (coding != null) {
      warnings.add(
          "the stream is compressed with '%s', and events may wait in the compressor; exclude text/event-stream from compression"
              .formatted(EventSourceException.printable(coding)));
      return EventSourceException.printable(coding);
    }
    if (response instanceof ServletResponseWrapper) {
      return "none seen; filters have wrapped the response as " + response.getClass().getName();
    }
    return "none";
  }
}
