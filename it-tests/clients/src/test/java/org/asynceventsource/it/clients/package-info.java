/** Clients of others that read event streams, behind a network that breaks all the time. */
@NullMarked
package org.asynceventsource.it.clients;

import org.jspecify.annotations.NullMarked;
