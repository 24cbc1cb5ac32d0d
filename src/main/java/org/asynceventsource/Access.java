package org.asynceventsource;

/** Whether somebody may read an event source, and what to answer if not. */
public enum Access {
  /** May read. */
  GRANTED,
  /** May not read: answered 403, which closes a browser's {@code EventSource}. */
  FORBIDDEN,
  /** There is nothing more to read: answered 204, upon which browsers stop for good. */
  FINISHED
}
