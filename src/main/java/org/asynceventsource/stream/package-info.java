/**
 * Open responses and what writes to them; the only package that does.
 *
 * <pre>
 *   append ─► InterestGroup.wake ─► FanOut (one thread, its own clients)
 *                                     └─► StreamClient.next ─► Connection.drain ─► socket
 *   container: onWritePossible ─► marks the client, wakes its FanOut; onError ─► ends it under the fence
 * </pre>
 *
 * <p>Threads: a client's cursor and deadlines belong to its fan-out thread. Locks: a connection's
 * fence may be held over a non-blocking write, a client's queue lock is a leaf, and no thread ever
 * holds those of two clients. User code runs under neither.
 */
@NullMarked
package org.asynceventsource.stream;

import org.jspecify.annotations.NullMarked;
