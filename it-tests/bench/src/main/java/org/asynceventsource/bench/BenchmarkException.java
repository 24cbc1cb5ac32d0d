package org.asynceventsource.bench;

/** Why a measurement, or all of them, can't be had; the message is for whoever runs them. */
final class BenchmarkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String message;

  BenchmarkException(String message) {
    super(message);
    this.message = message;
  }

  BenchmarkException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
