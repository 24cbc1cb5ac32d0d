package org.asynceventsource.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A server to measure. */
enum Peer {
  ASYNC_JETTY("**Async Event Source**, Jetty", Family.OURS, "AsyncEventSourceOnJetty"),
  ASYNC_TOMCAT("**Async Event Source**, Tomcat", Family.OURS, "AsyncEventSourceOnTomcat"),
  ASYNC_UNDERTOW("**Async Event Source**, Undertow", Family.OURS, "AsyncEventSourceOnUndertow"),
  C_DIRECT("C, one write per event", Family.REFERENCE, "direct"),
  C_COALESCE("C, pending events in one write", Family.REFERENCE, "coalesce"),
  JETTY("Jetty EventSourceServlet", Family.RIVAL, "JettyEventSourceServlet"),
  UNDERTOW("Undertow SSE handler", Family.RIVAL, "UndertowSseHandler"),
  SPRING("Spring MVC SseEmitter, Tomcat", Family.RIVAL, "SpringSseEmitter"),
  JERSEY("Jersey SseBroadcaster, Jetty", Family.RIVAL, "JerseyBroadcaster"),
  BARE_JETTY("bare AsyncContext servlet, Jetty", Family.BARE, "BareServletOnJetty"),
  BARE_TOMCAT("bare AsyncContext servlet, Tomcat", Family.BARE, "BareServletOnTomcat");

  /** What a peer is compared as. */
  enum Family {
    OURS,
    RIVAL,
    BARE,
    REFERENCE
  }

  private static final String PACKAGE = Peer.class.getPackageName() + ".peer.";

  private final String title;
  private final Family family;
  private final String program;

  Peer(String title, Family family, String program) {
    this.title = title;
    this.family = family;
    this.program = program;
  }

  /** Its name in Markdown. */
  String title() {
    return title;
  }

  /** Its name in plain text. */
  String plainTitle() {
    return title.replace("*", "");
  }

  /** Its name on the command line and in the results. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean isOurs() {
    return family == Family.OURS;
  }

  boolean isRival() {
    return family == Family.RIVAL;
  }

  boolean isBare() {
    return family == Family.BARE;
  }

  /** Whether it is the C program, which has no heap. */
  boolean isReference() {
    return family == Family.REFERENCE;
  }

  /**
   * What starts it.
   *
   * @param jvmOptions what its JVM, if it has one, gets besides those of all peers
   */
  List<String> command(Workplace workplace, List<String> jvmOptions) {
    return isReference()
        ? List.of(workplace.program("ref_server").toString(), "--mode", program)
        : workplace.java(PACKAGE + program, jvmOptions);
  }

  static Peer parse(String key) {
    return Arrays.stream(values())
        .filter(peer -> peer.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new BenchmarkException(
                    "--peers names '%s', which is none of %s".formatted(key, keys())));
  }

  static String keys() {
    return Arrays.stream(values()).map(Peer::key).collect(Collectors.joining(", "));
  }
}
