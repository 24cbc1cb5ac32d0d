/**
 * The benchmark: starts peers one by one, lets the load client measure them, and reports.
 *
 * <pre>
 * Benchmark ─ rounds ─▶ Session (one peer, one process) ─▶ Scenario ─▶ LoadClient ─▶ Results ─▶ reports
 * </pre>
 *
 * <p>Peers take turns within a round, so that what else the machine does hits all of them alike.
 * Only runs in which no event was lost, doubled or reordered count.
 */
@NullMarked
package org.asynceventsource.bench;

import org.jspecify.annotations.NullMarked;
