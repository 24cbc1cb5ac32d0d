/** Tests of the benchmark itself: that it notices what it has to notice, and reckons right. */
@NullMarked
package org.asynceventsource.bench;

import org.jspecify.annotations.NullMarked;
