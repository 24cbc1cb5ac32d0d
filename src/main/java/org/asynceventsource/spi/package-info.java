/**
 * What can be plugged in: event logs, payload encoders and listeners; and the bounded log of causes
 * that their authors need as much as we do.
 */
@NullMarked
package org.asynceventsource.spi;

import org.jspecify.annotations.NullMarked;
