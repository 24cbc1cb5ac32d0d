package org.asynceventsource.security;

import org.asynceventsource.EventSourceException;

/** An Authorization header field that no honest client sends; answered 400. */
final class MalformedCredentialsException extends EventSourceException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /** The reason is a constant: it reaches the client and the log, the header field must not. */
  MalformedCredentialsException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
