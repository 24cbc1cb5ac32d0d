/**
 * Inputs that nobody thought of. A fuzzer makes them up, led by what of our code each one reaches:
 *
 * <pre>
 *   seeds, in resources  →  fuzzer  →  target  →  corpus: what reached something new
 *        └──────────────────────────────────────────┴──→  the same over HTTP
 * </pre>
 *
 * <p>A target fails by any exception but those that tell a client what is wrong with its input. So
 * does the server by a status of 500 and above.
 */
@NullMarked
package org.asynceventsource.fuzz;

import org.jspecify.annotations.NullMarked;
