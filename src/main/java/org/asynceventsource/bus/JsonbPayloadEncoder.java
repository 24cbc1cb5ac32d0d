package org.asynceventsource.bus;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.spi.PayloadEncoder;

/**
 * Encodes any object as JSON by JSON-B, where the container or the application has it.
 *
 * <p>Takes every type, so it comes last. One {@link Jsonb} serves all threads, which its
 * specification allows. Only {@link Linked} refers to JSON-B's classes, so that this class loads
 * without them.
 */
public final class JsonbPayloadEncoder implements PayloadEncoder, AutoCloseable {

  private static final System.Logger LOGGER =
      System.getLogger(JsonbPayloadEncoder.class.getPackageName());

  private final Linked linked;

  private JsonbPayloadEncoder(Linked linked) {
    this.linked = linked;
  }

  /**
   * Looks for JSON-B with the context class loader of the calling thread.
   *
   * @return the encoder, or empty if JSON-B or a provider of it is missing
   */
  public static Optional<JsonbPayloadEncoder> create() {
    try {
      return Optional.of(new JsonbPayloadEncoder(new Linked()));
    } catch (LinkageError | RuntimeException absent) {
      LOGGER.log(Level.DEBUG, "no JSON-B: {0}", absent.toString());
      return Optional.empty();
    }
  }

  /**
   * Encodes a payload as JSON.
   *
   * @param payload any object
   * @return its JSON text, never empty
   * @throws EventSourceException if JSON-B can't encode the object
   */
  @Override
  public Optional<String> encode(Object payload) {
    try {
      return Optional.of(linked.encode(payload));
    } catch (RuntimeException | StackOverflowError failure) {
      throw new EventSourceException(
          "JSON-B can't encode type %s (%s); make it and its properties public, without cycles, or"
                  .formatted(payload.getClass().getName(), failure.getClass().getSimpleName())
              + " register a PayloadEncoder",
          failure);
    }
  }

  /** Releases what JSON-B holds; nothing may be encoded afterwards. */
  @Override
  public void close() {
    linked.close();
  }

  /** What needs JSON-B's classes. */
  private static final class Linked {

    private final Jsonb jsonb = JsonbBuilder.create();

    String encode(Object payload) {
      return jsonb.toJson(payload);
    }

    void close() {
      try {
        jsonb.close();
      } catch (Exception failure) {
        LOGGER.log(Level.DEBUG, "JSON-B failed to close", failure);
      }
    }
  }
}
