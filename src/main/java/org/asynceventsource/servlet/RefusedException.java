package org.asynceventsource.servlet;

import org.asynceventsource.EventSourceException;

/** Carries a refusal out of the code that reads a request. */
final class RefusedException extends EventSourceException {

  private static final long serialVersionUID = 1L;
  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.reason() + "; " + refusal.remedy());
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }

  /** Costs too much for what anybody can send. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
