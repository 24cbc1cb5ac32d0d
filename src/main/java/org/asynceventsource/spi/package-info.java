/**
 * What can be plugged in: event logs, payload encoders and listeners; and what their authors and
 * those of filters need as much as we do: the bounded log of causes, origins, and the way of a
 * request.
 */
@NullMarked
package org.asynceventsource.spi;

import org.jspecify.annotations.NullMarked;
