/**
 * The composition root: finds CDI, reads the settings, builds every part and registers it with the
 * servlet container.
 */
@NullMarked
package org.asynceventsource.boot;

import org.jspecify.annotations.NullMarked;
