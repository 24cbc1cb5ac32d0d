package org.asynceventsource.bus;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.asynceventsource.EventBus;
import org.asynceventsource.SendResult;

/**
 * The bus as a bean. It is a class of its own rather than a synthetic bean because Weld ignores an
 * archive without any bean class, and an application may have no other.
 */
@Dependent
public final class InjectedEventBus implements EventBus {

  private final EventBusExtension extension;

  /**
   * Made by the CDI container.
   *
   * @param extension knows the event sources
   */
  @Inject
  public InjectedEventBus(EventBusExtension extension) {
    this.extension = extension;
  }

  @Override
  public CompletionStage<SendResult> publish(Object payload) {
    return extension.bus().publish(payload);
  }

  @Override
  public CompletionStage<SendResult> publish(String path, Object payload) {
    return extension.bus().publish(path, payload);
  }

  @Override
  public long unroutable() {
    return extension.bus().unroutable();
  }
}
