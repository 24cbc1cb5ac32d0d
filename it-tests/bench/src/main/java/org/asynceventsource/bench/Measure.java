package org.asynceventsource.bench;

import java.util.Locale;

/** A number that a scenario tells. */
enum Measure {
  /** CPU time of the server, user and system, per delivered event; microseconds. */
  CPU_MICROS,
  /** Delivered events. */
  EVENTS_PER_SECOND,
  /** On the wire, HTTP included. */
  BYTES_PER_EVENT,
  /** How often a client had to read per event: below 1 where events came together. */
  RECEIVES_PER_EVENT,
  /** From publishing until the last client has an event; milliseconds. */
  LAST_P50,
  /** The same, of the slowest events. */
  LAST_P99,
  /** Connects per second to a new process. */
  COLD_CONNECTS,
  /** The same for the third time. */
  WARM_CONNECTS,
  /** Heap in use per idle client after a full collection; bytes. */
  HEAP_PER_CLIENT,
  /** Direct memory in use per idle client; bytes. */
  DIRECT_PER_CLIENT,
  /** Memory of the process per idle client; bytes. */
  RESIDENT_PER_CLIENT,
  /** Until all clients have what they missed, from the first connect. */
  REPLAY_SECONDS,
  /** CPU time of the server for that. */
  REPLAY_CPU_SECONDS,
  /** Latency of the clients that read, before others stop; milliseconds. */
  BASELINE_P99,
  /** Latency of the clients that read, while others don't; milliseconds. */
  HEALTHY_P99,
  /** The latter by the former. */
  HEALTHY_RATIO,
  /** How long the server's own call that publishes took meanwhile; milliseconds. */
  PUBLISH_P99,
  /** Until the server had closed the connections that stopped reading; seconds, or -1. */
  GONE_SECONDS,
  /** Heap in use after a full collection while they were stopped; bytes. */
  STALLED_HEAP,
  /** How sure the time of a refused login makes an attacker of who is a user: Welch's |t|. */
  LOGIN_T,
  /** The same within the process, where nothing hides it. */
  LOGIN_T_IN_PROCESS;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
