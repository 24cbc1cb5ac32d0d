package org.asynceventsource;

import java.util.List;

/** Wrong configuration; it stops the deployment and lists every mistake at once. */
public final class ConfigurationException extends EventSourceException {

  private static final long serialVersionUID = 1L;
  private final transient List<String> mistakes;

  /**
   * A refusal to start.
   *
   * @param mistakes one sentence a mistake: the setting, its value, the remedy; at least one
   */
  public ConfigurationException(List<String> mistakes) {
    super(
        "the configuration has %d mistake%s:%n  - %s"
            .formatted(
                mistakes.size(),
                mistakes.size() == 1 ? "" : "s",
                String.join(System.lineSeparator() + "  - ", mistakes)));
    this.mistakes = List.copyOf(mistakes);
  }

  /**
   * The mistakes, in the order of the settings.
   *
   * @return one sentence a mistake
   */
  public List<String> mistakes() {
    return mistakes;
  }
}
