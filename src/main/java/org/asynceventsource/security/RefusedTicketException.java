package org.asynceventsource.security;

/** A ticket that opens no stream, and why; the reason holds nothing of what was sent. */
final class RefusedTicketException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  RefusedTicketException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
