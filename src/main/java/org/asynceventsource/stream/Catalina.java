package org.asynceventsource.stream;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** The servlets' part of Tomcat, which GlassFish and Payara have put on another connector. */
final class Catalina {

  private static final String FACADE = "org.apache.catalina.connector.ResponseFacade";

  private Catalina() {}

  /** The connector's response behind one of an application's; {@code null} anywhere else. */
  static @Nullable Object coyote(ServletResponse response) throws ReflectiveOperationException {
    ServletResponse facade = response;
    while (facade instanceof ServletResponseWrapper wrapper) {
      facade = wrapper.getResponse();
    }
    if (!facade.getClass().getName().equals(FACADE)) {
      return null;
    }
    Field field = facade.getClass().getDeclaredField("response");
    field.setAccessible(true);
    Object catalina = field.get(facade);
    return catalina == null
        ? null
        : catalina.getClass().getMethod("getCoyoteResponse").invoke(catalina);
  }
}
