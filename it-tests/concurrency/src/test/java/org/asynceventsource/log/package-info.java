/** Races between those who append to a history and those who read it, for jcstress. */
@NullMarked
package org.asynceventsource.log;

import org.jspecify.annotations.NullMarked;
