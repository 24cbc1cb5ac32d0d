/** Benchmarks of single steps on an event's way, for JMH: {@code it-tests/bench/run jmh}. */
@NullMarked
package org.asynceventsource.bench.micro;

import org.jspecify.annotations.NullMarked;
