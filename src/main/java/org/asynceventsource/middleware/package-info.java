/**
 * Servlet filters for event sources, or for any servlet: who may come in from where, how often, and
 * with which header fields.
 *
 * <pre>
 *   request ─► RequestLog ─► Cors ─► AuthenticationMiddleware ─► RateLimit ─► Authorization ─► event source
 * </pre>
 *
 * <p>A package beside {@code security}, since a rate limit answers an EventSource with a stream,
 * which {@code stream} alone writes, and authentication is to need no streams. Every filter here is
 * immutable but for what it counts, safe for use by several threads, supports asynchronous
 * requests, and does nothing behind {@code chain.doFilter} but log.
 */
@NullMarked
package org.asynceventsource.middleware;

import org.jspecify.annotations.NullMarked;
