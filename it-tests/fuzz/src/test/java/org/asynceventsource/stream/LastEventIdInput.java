package org.asynceventsource.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.Stub;
import org.asynceventsource.wire.Encoder;

/**
 * Takes bytes as the last event ID, in the header and in the query, up to what the client is told
 * of what it missed. An {@code @} is the identity of the history, which nobody can guess.
 */
public final class LastEventIdInput {

  private static final int APPENDED = 40;
  private static final int HELD = 16;
  private static final MemoryLog LOG =
      MemoryLog.create(new MemoryLog.Bounds(HELD, 1 << 20, Duration.ZERO));

  private static final String EPOCH = LOG.idAt(0).replaceFirst("-.*", "");

  private static String header;
  private static String parameter;
  private static final HttpServletRequest REQUEST =
      Stub.of(HttpServletRequest.class)
          .on("getHeader", arguments -> header)
          .on("getQueryString", arguments -> parameter)
          .on("getParameter", arguments -> "lastEventId".equals(arguments[0]) ? parameter : null)
          .build();

  static {
    for (int i = 0; i < APPENDED; i++) {
      ServerSentEvent event = ServerSentEvent.of("data");
      LOG.append(Encoder.event(i % 3 == 0 ? event.withId("own-" + i) : event));
    }
  }

  private LastEventIdInput() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    header = new String(input, ISO_8859_1).replace("@", EPOCH); // as containers hand it out
    parameter = null;
    resume(LastEventId.of(REQUEST));
    header = null;
    parameter = new String(input, UTF_8).replace("@", EPOCH);
    resume(LastEventId.of(REQUEST));
  }

  private static void resume(String id) throws IOException {
    if (id == null) {
      return;
    }
    LOG.claims(id);
    Resume resume = LOG.locate(id);
    require(resume.equals(LOG.locate(id)), "another place the second time");
    require(resume.cursor() >= LOG.head() && resume.cursor() <= LOG.tail(), "a place outside");
    if (resume instanceof Resume.Gap gap) {
      String reason = gap.reason().wireName();
      told(new GapNotice(id, LOG.idAt(gap.cursor()), gap.lost(), reason));
    }
  }

  private static void told(GapNotice notice) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    notice.frame("eventsource.gap").writeTo(bytes);
    List<Message> received = new ArrayList<>();
    new EventStreamParser(received::add).feed(bytes.toByteArray(), 0, bytes.size());
    require(received.size() == 1, "not one event");
    Message message = received.get(0);
    require(message.id().equals(notice.resumedAt()), "another id");
    require(message.data().chars().allMatch(c -> c >= ' ' && c <= '~'), "no ASCII");
    require(message.data().length() < 1_000, "too much is sent back");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}
