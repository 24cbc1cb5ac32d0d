/**
 * Bytes of text/event-stream (WHATWG HTML §9.2.6). {@link org.asynceventsource.wire.Encoder} is the
 * only class that makes them; they stay inside {@link org.asynceventsource.wire.Frame} and {@link
 * org.asynceventsource.wire.FrameBatch}, which write themselves.
 */
@NullMarked
package org.asynceventsource.wire;

import org.jspecify.annotations.NullMarked;
