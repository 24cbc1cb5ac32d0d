package org.asynceventsource.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.WireText;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A frame")
class FrameTest {

  @Test
  @DisplayName("tells its size, its channel and whether the id is the application's")
  void describesItself() {
    EncodedEvent event = Encoder.event(ServerSentEvent.of("a").withChannel("orders/42"));
    EncodedEvent own = Encoder.event(ServerSentEvent.of("a").withId("7"));

    assertThat(event.ownId()).isEmpty();
    assertThat(event.frame("i-1", 0).ownId()).isEmpty();
    assertThat(event.frame("i-1", 0).size()).isEqualTo("id: i-1\ndata: a\n\n".length());
    assertThat(own.frame("i-1", 0).ownId()).contains("7");
    assertThat(own.frame().ownId()).contains("7");
    assertThat(own.frame("i-1", 0).channel()).isEmpty();
  }

  @Test
  @DisplayName("can be made of one event under several ids, as several logs would")
  void isReusable() {
    EncodedEvent event = Encoder.event(ServerSentEvent.of("a"));

    assertThat(WireText.of(event.frame("i-1", 0))).isEqualTo("id: i-1\ndata: a\n\n");
    assertThat(WireText.of(event.frame("i-2", 0))).isEqualTo("id: i-2\ndata: a\n\n");
    assertThat(WireText.of(event.frame())).isEqualTo("data: a\n\n");
  }

  @Test
  @DisplayName("is written in one call, alone or in a batch")
  void isWrittenAtOnce() throws IOException {
    CountingStream out = new CountingStream();
    Encoder.comment("a\nb").writeTo(out);
    batch("1", "2", "3").writeTo(out);

    assertThat(out.writes).containsExactly(": a\n: b\n\n".length(), batch("1", "2", "3").size());
  }

  @Test
  @DisplayName("is joined with others in order")
  void isJoined() {
    FrameBatch batch = batch("1", "2", "3");

    assertThat(batch.events()).isEqualTo(3);
    assertThat(batch.size()).isEqualTo(3 * "id: i-1\ndata: 1\n\n".length());
    assertThat(WireText.of(batch))
        .isEqualTo("id: i-1\ndata: 1\n\nid: i-2\ndata: 2\n\nid: i-3\ndata: 3\n\n");
  }

  @Test
  @DisplayName("makes a batch alone")
  void makesABatchAlone() {
    FrameBatch batch = batch("1");

    assertThat(batch.events()).isEqualTo(1);
    assertThat(batch.size()).isEqualTo("id: i-1\ndata: 1\n\n".length());
    assertThat(WireText.of(batch)).isEqualTo("id: i-1\ndata: 1\n\n");
  }

  @Test
  @DisplayName("lets the failure of a stream through")
  void failure() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };

    assertThatThrownBy(() -> batch("1", "2").writeTo(broken))
        .isInstanceOf(IOException.class)
        .hasMessage("broken pipe");
  }

  private static FrameBatch batch(String... data) {
    List<Frame> frames = new ArrayList<>();
    for (String text : data) {
      frames.add(Encoder.event(ServerSentEvent.of(text)).frame("i-" + text, 0));
    }
    return FrameBatch.of(frames);
  }

  /** Notes the length of each write. */
  private static final class CountingStream extends OutputStream {

    private final List<Integer> writes = new ArrayList<>();

    @Override
    public void write(int b) {
      writes.add(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      writes.add(length);
    }
  }
}
