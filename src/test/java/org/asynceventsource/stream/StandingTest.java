package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whether a client may go on reading")
class StandingTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Standing standing = new Standing(Duration.ofSeconds(15), 0);

  @Test
  @DisplayName("is overdue a second after a change, and each answer begins that second anew")
  void changes() {
    standing.ask(true, 0);
    int first = standing.begin(0);
    standing.ask(true, SECOND / 2);
    standing.granted(first, SECOND * 3 / 4);
    assertThat(standing.isHeld()).isTrue();
    assertThat(standing.isOverdue(SECOND * 3 / 2)).isFalse();
    assertThat(standing.isOverdue(SECOND * 7 / 4)).isTrue();
  }

  @Test
  @DisplayName("is overdue where nobody waits when whoever is asked has thought for two minutes")
  void thinking() {
    standing.ask(false, 0);
    assertThat(standing.isOverdue(200 * SECOND)).isFalse(); // nobody has come to ask
    int question = standing.begin(200 * SECOND);
    assertThat(standing.isOverdue(319 * SECOND)).isFalse();
    assertThat(standing.isOverdue(320 * SECOND)).isTrue();
    standing.granted(question, 320 * SECOND);
    assertThat(standing.isOverdue(320 * SECOND)).isFalse();
  }

  @Test
  @DisplayName("is taken for granted for an hour while nobody can tell, unless access has changed")
  void undecided() {
    long now = 0;
    while (!standing.isOverdue(now)) {
      standing.ask(false, now);
      assertThat(standing.undecided(standing.begin(now), now)).isTrue();
      now += 15 * SECOND;
    }
    assertThat(Duration.ofNanos(now)).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));

    standing.ask(true, now);
    assertThat(standing.undecided(standing.begin(now), now)).isFalse();
  }

  @Test
  @DisplayName("in doubt leaves a question open that a change has raised meanwhile")
  void undecidedBefore() {
    standing.ask(false, 0);
    int asked = standing.begin(0);
    standing.ask(true, 0);
    assertThat(standing.undecided(asked, 0)).isTrue();
    assertThat(standing.isHeld()).isTrue();
  }
}
