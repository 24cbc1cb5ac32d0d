/** The server behind {@code java -jar}: Jetty, from the jars in {@code WEB-INF/server}. */
@NullMarked
package org.asynceventsource.launcher.jetty;

import org.jspecify.annotations.NullMarked;
