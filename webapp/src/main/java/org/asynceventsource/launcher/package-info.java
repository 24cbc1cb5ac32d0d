/**
 * What {@code java -jar eventsource.war} runs: reads the command line, then serves the very file it
 * was started from.
 *
 * <pre>
 *  Main → CommandLine → Invocation
 *    └─ Serve → ServerClassLoader (WEB-INF/server/*.jar) → WebServer → the WAR
 * </pre>
 *
 * <p>These classes lie at the root of the WAR, use nothing but the JDK, and are never part of the
 * web application. Only {@code launcher.jetty} knows the server; it is loaded apart.
 */
@NullMarked
package org.asynceventsource.launcher;

import org.jspecify.annotations.NullMarked;
