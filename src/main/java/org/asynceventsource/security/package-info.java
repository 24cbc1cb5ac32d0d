/**
 * Who may read and who may publish: digest access authentication (RFC 7616) in the shape of Jakarta
 * Security, driven by a servlet filter so that it works in every container.
 *
 * <pre>
 *   request ─► AuthenticationFilter ─► HttpAuthenticationMechanism.validateRequest
 *                     │                        │  DigestCredential
 *                     │                        ▼
 *                     │                 IdentityStore.validate ─► credential.verify(H(A1))
 *                     ▼
 *              AccessFilter ─► event source
 * </pre>
 *
 * <p>Any other mechanism and any other store plug in at the same two places. Everything fails
 * closed.
 */
@NullMarked
package org.asynceventsource.security;

import org.jspecify.annotations.NullMarked;
