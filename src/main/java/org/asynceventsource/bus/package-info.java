/** The way of application events to the log: CDI observers, and the same without CDI. */
@NullMarked
package org.asynceventsource.bus;

import org.jspecify.annotations.NullMarked;
