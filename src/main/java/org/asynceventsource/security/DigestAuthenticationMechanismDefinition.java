package org.asynceventsource.security;

import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes HTTP digest (RFC 7616) the authentication mechanism of the whole application, beside the
 * definitions that Jakarta Security has itself (Jakarta Security 3.0 §2.4): the container's own
 * security drives it, for every URL of the application and for {@code SecurityContext}.
 *
 * <p>To be written at one class of the application, any one; it is a stereotype, so that CDI finds
 * the class in an archive that is searched for annotated classes. Users come from the application's
 * beans of type {@code IdentityStore}, which validate a {@link DigestCredential}: the container's
 * {@code IdentityStoreHandler} asks them (§3). {@code eventsource.users} is not asked.
 *
 * <pre>{@code
 * @DigestAuthenticationMechanismDefinition(realmName = "orders")
 * class Security {
 *   @Produces
 *   @ApplicationScoped
 *   IdentityStore users() {
 *     return HtdigestFileIdentityStore.of(
 *         Path.of("/etc/orders.htdigest"), DigestOptions.of("orders"));
 *   }
 * }
 * }</pre>
 *
 * <p>What needs a login is said as usual: by {@code @ServletSecurity} or {@code web.xml}, and for
 * event sources by {@code eventsource.auth=container}. In a container without Jakarta Security the
 * event sources' own filter drives the mechanism, with the same stores; other URLs are then not
 * concerned. Two definitions, or values that can't be used, stop the deployment. Values are plain
 * text, without expressions; see {@link DigestOptions} for each.
 */
@Documented
@Stereotype
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface DigestAuthenticationMechanismDefinition {

  /**
   * What the caller logs in to (RFC 7616 §3.3); part of every stored hash.
   *
   * @return printable ASCII without quote, backslash and colon
   */
  String realmName() default "eventsource";

  /**
   * The algorithms to offer, the one that is preferred first (§3.7).
   *
   * @return at least one of SHA-256, SHA-512-256 and MD5, each also with {@code -sess}
   */
  String[] algorithms() default {"SHA-256"};

  /**
   * A text that clients have to send back.
   *
   * @return printable ASCII without quote, backslash and colon; empty for none
   */
  String opaque() default "";

  /**
   * The paths and URIs that a login holds for.
   *
   * @return paths such as {@code /events} and absolute URIs; none for the whole server
   */
  String[] domain() default {};

  /**
   * Whether clients are told that names and passwords are hashed as UTF-8.
   *
   * @return whether challenges have {@code charset=UTF-8}
   */
  boolean charset() default false;

  /**
   * Whether clients may send a hash instead of the user's name (§3.4.4).
   *
   * @return whether challenges have {@code userhash=true}
   */
  boolean userhash() default false;

  /**
   * How long a nonce is good for.
   *
   * @return a positive number of seconds
   */
  int nonceLifetimeSeconds() default 300;

  /**
   * How many nonces in use are remembered.
   *
   * @return at least 1
   */
  int maxNonces() default 10_000;

  /**
   * How many failed logins of one name from one address cost nothing ({@link LoginLimits}); {@code
   * eventsource.login.failures} isn't asked.
   *
   * @return at least 1
   */
  int loginFailures() default 5;

  /**
   * How long logins of that name from that address are refused after the next failure; it doubles
   * with each further one.
   *
   * @return a positive number of seconds
   */
  int loginDelaySeconds() default 1;

  /**
   * How long such logins are refused at most.
   *
   * @return a number of seconds, at least {@link #loginDelaySeconds()}
   */
  int longestLoginDelaySeconds() default 300;
}
