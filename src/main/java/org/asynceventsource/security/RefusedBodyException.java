package org.asynceventsource.security;

import org.asynceventsource.EventSourceException;

/** A body that a digest would cover, but that isn't read to its end; answered with a status. */
final class RefusedBodyException extends EventSourceException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  /** The reason is a constant: it reaches the client and the log. */
  RefusedBodyException(int status, String reason) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }
}
