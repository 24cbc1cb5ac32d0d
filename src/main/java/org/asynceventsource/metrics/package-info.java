/**
 * What event sources tell of themselves: counters, gauges and a histogram as JMX beans, what
 * happens to single clients as events of the Java Flight Recorder, and listeners of the
 * application's.
 *
 * <pre>
 * stream ──▶ StreamListeners ─┬─▶ StreamMeter ◀── EventSourceBean ◀── JMX
 *            (guards each)    ├─▶ FlightListener ──▶ Flight Recorder, once somebody records
 *                             └─▶ those of StreamListenerFactory
 * </pre>
 */
@NullMarked
package org.asynceventsource.metrics;

import org.jspecify.annotations.NullMarked;
