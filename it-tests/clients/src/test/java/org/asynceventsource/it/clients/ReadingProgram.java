package org.asynceventsource.it.clients;

import java.util.List;
import org.asynceventsource.test.EventStreamParser.Message;

/** Somebody else's program that reads a stream, and comes back with the last id when it is cut. */
interface ReadingProgram extends AutoCloseable {

  /** All that has arrived, in order. */
  List<Message> messages();

  /** What the program had to complain about. */
  String complaints();

  @Override
  void close();
}
