/** What a fuzzer calls, in the package whose inner doors it needs. */
@NullMarked
package org.asynceventsource.wire;

import org.jspecify.annotations.NullMarked;
