/**
 * What tests with real clients share: the WAR as a process of its own, a proxy that cuts
 * connections, and a publisher.
 */
@NullMarked
package org.asynceventsource.it.support;

import org.jspecify.annotations.NullMarked;
