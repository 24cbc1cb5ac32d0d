package org.asynceventsource.bench.peer;

/** What all peers share. */
final class Peers {

  static final String PATH = "/events";

  /** Connections that may wait to be accepted; containers' own defaults begin at 50. */
  static final int BACKLOG = 4_096;

  /** Tomcat's own limit is 8,192. */
  static final int CONNECTIONS = 20_000;

  private Peers() {}
}
