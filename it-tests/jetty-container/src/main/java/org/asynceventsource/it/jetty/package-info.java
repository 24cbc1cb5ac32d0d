/**
 * Jetty 12.1 as an Arquillian container, inside the JVM of the tests.
 *
 * <p>Arquillian's published adapter is for Jetty 12.0, whose classes Jetty 12.1 removed.
 */
@NullMarked
package org.asynceventsource.it.jetty;

import org.jspecify.annotations.NullMarked;
