/** Event logs: the bounded ring in memory. */
@NullMarked
package org.asynceventsource.log;

import org.jspecify.annotations.NullMarked;
