/** The WAR's page in a real browser, served by {@code java -jar}. */
@NullMarked
package org.asynceventsource.it.browser;

import org.jspecify.annotations.NullMarked;
