package org.example.orders;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.EventSource;

/** Business code: it fires CDI events, and knows nothing of streams. */
@ApplicationScoped
public class OrderDesk {

  private final AtomicInteger numbers = new AtomicInteger();

  @Inject
  @EventSource(value = "/events", event = "order")
  Event<Order> orders;

  /** Takes an order. */
  public Order place(String item) {
    Order order = new Order(numbers.incrementAndGet(), item);
    orders.fire(order);
    return order;
  }
}
