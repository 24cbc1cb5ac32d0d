/**
 * Open responses and what writes to them; the only package that does.
 *
 * <pre>
 *   append ─► Interests ─► InterestGroup ─► Shard.wake ─► FanOut (one thread, its own clients)
 *                                                            └─► Feed ─► Connection.drain ─► socket
 *   container: onWritePossible ─► marks the client, wakes its FanOut; onError ─► ends it under the fence
 * </pre>
 *
 * <p>Threads, and what is theirs:
 *
 * <ul>
 *   <li>whoever publishes: nothing; an append tells the groups under the history's lock
 *   <li>a fan-out thread: its shards, and of their clients the feed: cursor, deadlines, buffers;
 *       those of HTTP/2 on Tomcat have threads of their own, since their writes may block
 *   <li>the container's: nothing; they mark, wake, and complete what has failed, but never write;
 *       on Tomcat nothing is written until the thread that marked is through with its call, and one
 *       that times a stream out, since its application stops, lets it go on for the farewell
 *   <li>callback threads: nothing; they run user code, and hold no lock of ours
 * </ul>
 *
 * <p>Locks, each taken only by who holds none or one further up: the history's lock; the monitor of
 * {@code Interests}; a connection's fence, the only one held over a write, which never blocks; a
 * client's monitor, then its direct queue's. No thread holds those of two clients. A {@code
 * StreamListener} may be told of something under the first or the fence: it must not block or call.
 * Tomcat's threads hold the lock of their socket when they come to the fence, so under the fence
 * that is only tried.
 *
 * <p>Memory: what threads share is volatile, and each hand-over writes its data, then its mark. Who
 * wakes has written before it looks at {@code queued}, the fan-out thread clears {@code queued}
 * before it reads; so too {@code awaiting}, set before {@code isReady()} is asked, and {@code
 * LEAVING} before {@code awaiting} is read. These need sequential consistency, which release and
 * acquire wouldn't give. The ring's slots need only those: an entry is immutable, its tail
 * volatile.
 */
@NullMarked
package org.asynceventsource.stream;

import org.jspecify.annotations.NullMarked;
