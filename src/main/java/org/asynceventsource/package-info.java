/**
 * What an application imports: the event source, its clients, events, qualifiers and exceptions.
 *
 * <pre>
 *   Event.fire(...) ──► EventBus ──► AsyncEventSource ──► AsyncEventSourceClient ──► browser
 * </pre>
 *
 * <p>Everything here is safe for use by several threads at once unless a member says otherwise.
 */
@NullMarked
package org.asynceventsource;

import org.jspecify.annotations.NullMarked;
