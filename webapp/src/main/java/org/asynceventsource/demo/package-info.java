/**
 * Business code for show: it fires CDI events and knows nothing of streams, clients and HTTP. Off
 * unless {@code eventsource.demo} is true.
 */
@NullMarked
package org.asynceventsource.demo;

import org.jspecify.annotations.NullMarked;
