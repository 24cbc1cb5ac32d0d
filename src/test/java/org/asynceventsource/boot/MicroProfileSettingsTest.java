package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.servlet.ServletContext;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.LoaderWithout;
import org.asynceventsource.test.LogRecords;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigBuilder;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("MicroProfile Config")
class MicroProfileSettingsTest {

  private final ConfigProviderResolver resolver = ConfigProviderResolver.instance();
  private final ClassLoader original = Thread.currentThread().getContextClassLoader();

  /** A class loader for each test, since configurations belong to class loaders. */
  private final ClassLoader application = new ClassLoader(original) {};

  @BeforeEach
  void enter() {
    Thread.currentThread().setContextClassLoader(application);
  }

  @AfterEach
  void leave() {
    Thread.currentThread().setContextClassLoader(original);
    ConfigProviderResolver.setInstance(resolver);
  }

  @Test
  @DisplayName("is a source, before the context's parameters")
  void source() {
    configure(Map.of("eventsource.threads", "3", "quarkus.http.port", "1"), Map.of());

    Settings settings =
        Settings.read(context(Map.of("eventsource.threads", "4", "eventsource.hello", "true")));

    assertThat(settings.threads()).isEqualTo(3);
    assertThat(settings.hello()).isTrue();
  }

  @Test
  @DisplayName("may respell the environment's variables")
  void environment() {
    configure(
        Map.of(), Map.of("EVENTSOURCE_GAP_EVENT", "lost", "EVENTSOURCE_SERVICE_HOST", "10.0.0.1"));

    assertThat(Settings.read(context(Map.of())).gapEvent()).isEqualTo("lost");
  }

  @Test
  @DisplayName("tells of unknown keys")
  void unknown() {
    configure(Map.of("eventsource.treads", "3"), Map.of());

    assertThatThrownBy(() -> Settings.read(context(Map.of())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "there is no setting 'eventsource.treads'; did you mean 'eventsource.threads'?"
                + " (MicroProfile Config property)");
  }

  /** The setting that guards the event source refers to something that isn't there. */
  @Test
  @DisplayName("never falls back to a default, which could open what was to be guarded")
  void unexpandable() {
    configure(Map.of("eventsource.auth", "${nowhere}"), Map.of());

    assertThatThrownBy(() -> Settings.read(context(Map.of("eventsource.auth", "none"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("setting 'eventsource.auth' can't be read")
        .hasMessageNotContaining("nowhere");
  }

  @Test
  @DisplayName("may be missing altogether")
  void missing() throws ReflectiveOperationException {
    ClassLoader bare = new LoaderWithout("org.eclipse.microprofile.", "org.asynceventsource.boot.");
    Class<?> settings = bare.loadClass(Settings.class.getName());

    Object read =
        settings
            .getMethod("read", ServletContext.class)
            .invoke(null, context(Map.of("eventsource.threads", "4")));

    assertThat(settings.getMethod("threads").invoke(read)).isEqualTo(4);
  }

  @Test
  @DisplayName("may lack a provider")
  void withoutProvider() throws ReflectiveOperationException {
    ClassLoader bare = new LoaderWithout("META-INF/services/org.eclipse.microprofile.", "org.");
    Class<?> settings = bare.loadClass(Settings.class.getName());

    Object read =
        settings
            .getMethod("read", ServletContext.class)
            .invoke(null, context(Map.of("eventsource.threads", "4")));

    assertThat(settings.getMethod("threads").invoke(read)).isEqualTo(4);
  }

  /** What was to guard the event source is in a source that fails just now. */
  @ParameterizedTest
  @MethodSource
  @DisplayName("stops the deployment if it fails, and all other mistakes are told with it")
  void failing(Throwable failure) {
    ConfigProviderResolver.setInstance(new Failing(failure));
    try (LogRecords log = LogRecords.of("org.asynceventsource.boot")) {
      assertThatThrownBy(() -> Settings.read(context(Map.of("eventsource.threads", "none"))))
          .isInstanceOfSatisfying(
              ConfigurationException.class,
              refused ->
                  assertThat(refused.mistakes())
                      .containsExactly(
                          "MicroProfile Config can't be read, its failure %s is in the log; mend its provider and sources, or remove them"
                              .formatted(failure.getClass().getName()),
                          "setting 'eventsource.threads' is 'none' but must be a whole number from"
                              + " 1 to 64 (context-param)"));
      assertThat(log.messages()).containsExactly("MicroProfile Config failed");
    }
  }

  static List<Throwable> failing() {
    return List.of(
        new UnsupportedOperationException("broken"),
        new IllegalStateException("no more connections"),
        new NoClassDefFoundError("of a config source"),
        new ServiceConfigurationError("of a config source"));
  }

  private void configure(Map<String, String> properties, Map<String, String> environment) {
    resolver.registerConfig(
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(
                new PropertiesConfigSource(properties, "test", 100),
                new EnvConfigSource(environment, 300))
            .build(),
        application);
  }

  private static ServletContext context(Map<String, String> parameters) {
    return (ServletContext)
        Proxy.newProxyInstance(
            ServletContext.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getInitParameterNames" -> Collections.enumeration(parameters.keySet());
                  case "getInitParameter" -> parameters.get(arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /** A provider that gives no configuration. */
  private static final class Failing extends ConfigProviderResolver {

    private final Throwable failure;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public Config getConfig() {
      throw thrown();
    }

    @Override
    public Config getConfig(ClassLoader loader) {
      throw thrown();
    }

    @Override
    public ConfigBuilder getBuilder() {
      throw thrown();
    }

    @Override
    public void registerConfig(Config config, ClassLoader loader) {
      throw thrown();
    }

    @Override
    public void releaseConfig(Config config) {
      throw thrown();
    }

    private RuntimeException thrown() {
      if (failure instanceof Error error) {
        throw error;
      }
      return (RuntimeException) failure;
    }
  }
}
