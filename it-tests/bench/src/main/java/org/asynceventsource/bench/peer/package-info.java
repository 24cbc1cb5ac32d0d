/**
 * The peers: servers of Server-Sent Events to compare, each a program and a process of its own.
 *
 * <p>Each serves {@code /events}, broadcasts by its own means whatever its {@link
 * org.asynceventsource.bench.peer.ControlPort} is told, and prints one line, {@code ready PORT
 * CONTROL-PORT}, as soon as it serves. All of them listen with the same backlog and take more than
 * 10,000 connections; beyond that their containers are as they come.
 */
@NullMarked
package org.asynceventsource.bench.peer;

import org.jspecify.annotations.NullMarked;
