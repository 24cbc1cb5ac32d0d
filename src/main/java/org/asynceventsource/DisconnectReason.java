package org.asynceventsource;

/** Why a client's stream ended. */
public enum DisconnectReason {
  /** The client closed its connection, or writing to it failed. */
  GONE,
  /** The application closed this client. */
  CLOSED,
  /** The client was too slow: it fell out of the history or stopped reading; it may resume. */
  SLOW,
  /** The stream reached its lifetime; the client reconnects and resumes. */
  LIFETIME,
  /**
   * The client may no longer read; or nobody could say so within a second of a change of somebody's
   * access.
   */
  REVOKED,
  /** The event source is closing; the client reconnects when it is back. */
  SHUTDOWN
}
