/** Races between whatever ends a stream, in the package whose inner doors the tests need. */
@NullMarked
package org.asynceventsource.stream;

import org.jspecify.annotations.NullMarked;
