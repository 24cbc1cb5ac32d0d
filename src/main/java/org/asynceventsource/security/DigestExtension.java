package org.asynceventsource.security;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.literal.SingletonLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterTypeDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;
import org.jspecify.annotations.Nullable;

/**
 * The CDI side of digest authentication: where an application has {@link
 * DigestAuthenticationMechanismDefinition}, and only there, it adds the bean that the container's
 * security looks for. Without the annotation no mechanism may be a bean: some containers would take
 * it for the whole application.
 *
 * <p>Links nothing of Jakarta Security, which needn't be there. Called by the thread that deploys.
 */
public class DigestExtension implements Extension {

  private static final String ANNOTATION = "@DigestAuthenticationMechanismDefinition";
  private static final String JAKARTA_SECURITY =
      "jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism";

  /** The definitions, by the class that has them. */
  private final TreeMap<String, DigestAuthenticationMechanismDefinition> definitions =
      new TreeMap<>();

  private @Nullable DigestOptions options;

  /** Made by the CDI container. */
  public DigestExtension() {}

  <T> void note(
      @Observes @WithAnnotations(DigestAuthenticationMechanismDefinition.class)
          ProcessAnnotatedType<T> type) {
    DigestAuthenticationMechanismDefinition definition =
        type.getAnnotatedType().getAnnotation(DigestAuthenticationMechanismDefinition.class);
    if (definition != null) {
      definitions.put(type.getAnnotatedType().getJavaClass().getName(), definition);
    }
  }

  /** A managed bean, as any class of the application's would be that is a mechanism. */
  void add(@Observes AfterTypeDiscovery discovery) {
    if (!definitions.isEmpty() && isJakartaSecurityThere()) {
      discovery
          .addAnnotatedType(DefinedDigestMechanism.class, DigestExtension.class.getName())
          .add(SingletonLiteral.INSTANCE);
    }
  }

  void refuse(@Observes AfterBeanDiscovery discovery) {
    List<String> mistakes = new ArrayList<>();
    if (definitions.size() > 1) {
      mistakes.add(
          "an application has one %s, but these classes have one each: %s; remove all but one"
              .formatted(ANNOTATION, String.join(", ", definitions.keySet())));
    }
    if (!definitions.isEmpty() && !isJakartaSecurityThere()) {
      mistakes.add(
          ANNOTATION
              + " needs Jakarta Security, which neither the container nor the application has; add jakarta.security.enterprise-api and jakarta.authentication-api to WEB-INF/lib, or remove the annotation");
    }
    definitions.forEach(
        (name, definition) -> {
          try {
            options = options(definition);
          } catch (ConfigurationException e) {
            e.mistakes()
                .forEach(
                    mistake -> mistakes.add(ANNOTATION + " of class " + name + ": " + mistake));
          }
        });
    if (!mistakes.isEmpty()) {
      discovery.addDefinitionError(new ConfigurationException(mistakes));
    }
  }

  private static DigestOptions options(DigestAuthenticationMechanismDefinition definition) {
    DigestOptions options =
        DigestOptions.of(definition.realmName())
            .withOffers(Stream.of(definition.algorithms()).map(DigestExtension::offer).toList())
            .withDomain(List.of(definition.domain()))
            .withCharset(definition.charset())
            .withUserhash(definition.userhash())
            .withNonceLifetime(Duration.ofSeconds(definition.nonceLifetimeSeconds()))
            .withMaxNonces(definition.maxNonces())
            .withLoginLimits(
                new LoginLimits(
                    definition.loginFailures(),
                    Duration.ofSeconds(definition.loginDelaySeconds()),
                    Duration.ofSeconds(definition.longestLoginDelaySeconds())));
    return definition.opaque().isEmpty() ? options : options.withOpaque(definition.opaque());
  }

  private static OfferedAlgorithm offer(String token) {
    return OfferedAlgorithm.parse(token)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    List.of(
                        "there is no algorithm '%s'; there are SHA-256, SHA-512-256 and MD5, each also with -sess"
                            .formatted(EventSourceException.printable(token)))));
  }

  /**
   * How digest is offered by the application's definition.
   *
   * @return the options, or empty if there is no definition
   */
  public Optional<DigestOptions> definition() {
    return Optional.ofNullable(options);
  }

  private static boolean isJakartaSecurityThere() {
    try {
      Class.forName(JAKARTA_SECURITY, false, DigestExtension.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
