/**
 * Bearer tokens that an issuer has signed: JSON Web Tokens (RFC 7519, RFC 9068).
 *
 * <p>In a package of its own, since it alone needs the library nimbus-jose-jwt, which is loaded
 * only if the settings ask for it.
 */
@NullMarked
package org.asynceventsource.security.jwt;

import org.jspecify.annotations.NullMarked;
