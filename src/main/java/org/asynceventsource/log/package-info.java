/**
 * Event logs: the bounded ring in memory.
 *
 * <pre>
 *   append ──► id ──► slot ──► tail ──► listener      one thread at a time
 *                       ▲       ▲
 *                      read   locate                  any thread, without the lock
 * </pre>
 */
@NullMarked
package org.asynceventsource.log;

import org.jspecify.annotations.NullMarked;
