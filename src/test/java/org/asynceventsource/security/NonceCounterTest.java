package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.asynceventsource.security.Nonces.Nonce;
import org.junit.jupiter.api.Test;

class NonceCounterTest {

  private static final long NEVER = Long.MIN_VALUE;

  private final NonceCounter counter = new NonceCounter(100);

  @Test
  void a_count_passes_once() {
    assertThat(use(1, 1)).isTrue();
    assertThat(use(1, 1)).isFalse();
    assertThat(use(1, 2)).isTrue();
    assertThat(use(2, 1)).isTrue();
  }

  @Test
  void counts_may_arrive_in_reverse_order_within_the_window() {
    for (long count = NonceCounter.WINDOW; count >= 1; count--) {
      assertThat(use(1, count)).as("count " + count).isTrue();
    }
    for (long count = NonceCounter.WINDOW; count >= 1; count--) {
      assertThat(use(1, count)).as("count " + count).isFalse();
    }
  }

  @Test
  void a_count_below_the_window_is_refused_although_it_was_never_used() {
    assertThat(use(1, NonceCounter.WINDOW + 1)).isTrue();
    assertThat(use(1, 1)).isFalse();
    assertThat(use(1, 2)).isTrue();
  }

  @Test
  void count_0_is_refused() {
    assertThat(use(1, 0)).isFalse();
    assertThat(use(1, 1)).isTrue();
    assertThat(use(1, 0)).isFalse();
  }

  @Test
  void the_highest_count_leaves_the_window_below_it() {
    long highest = 0xffff_ffffL;
    assertThat(use(1, 5)).isTrue();
    assertThat(use(1, highest)).isTrue();
    assertThat(use(1, highest)).isFalse();
    assertThat(use(1, highest - 127)).isTrue();
    assertThat(use(1, highest - 128)).isFalse();
    assertThat(use(1, 5)).isFalse();
  }

  /** A window of 8 has all the edges that one of 128 has, and can be tried in every way. */
  @Test
  void every_sequence_of_six_counts_passes_exactly_as_a_set_of_used_ones_says() {
    int[] counts = new int[6];
    int sequences = 0;
    do {
      assertAsSet(counts, 8);
      sequences++;
    } while (next(counts, 10));
    assertThat(sequences).isEqualTo(1_771_561); // 11 counts in each of 6 places
  }

  private static void assertAsSet(int[] counts, int window) {
    NonceCounter small = new NonceCounter(1, window);
    Nonce nonce = nonce(1, 0);
    int used = 1; // bit i is count i; 0 may never be used
    int highest = 0;
    for (int count : counts) {
      boolean expected = count > highest - window && (used & 1 << count) == 0;
      if (small.use(nonce, count, NEVER) != expected) {
        fail("count %d of %s".formatted(count, Arrays.toString(counts)));
      }
      used |= expected ? 1 << count : 0;
      highest = expected ? Math.max(highest, count) : highest;
    }
  }

  /**
   * The same for the window that is in use, at each place where something could be off by one: the
   * words that its bits are kept in, its end, and the highest count that there is.
   */
  @Test
  void every_sequence_of_four_counts_at_the_edges_passes_exactly_as_a_set_of_used_ones_says() {
    long most = 0xffff_ffffL;
    long[] edges = {
      0,
      1,
      2,
      62,
      63,
      64,
      65,
      126,
      127,
      128,
      129,
      130,
      191,
      192,
      193,
      255,
      256,
      257,
      1 << 20,
      most - 256,
      most - 129,
      most - 128,
      most - 127,
      most - 64,
      most - 63,
      most - 1,
      most
    };
    int[] places = new int[4];
    long[] counts = new long[places.length];
    int sequences = 0;
    do {
      Arrays.setAll(counts, i -> edges[places[i]]);
      assertAsList(counts);
      sequences++;
    } while (next(places, edges.length - 1));
    assertThat(sequences).isEqualTo(531_441); // 27 counts in each of 4 places
  }

  /** Each is tried once more at the end: none may pass twice. */
  private static void assertAsList(long[] counts) {
    NonceCounter real = new NonceCounter(1);
    Nonce nonce = nonce(1, 0);
    long[] used = new long[counts.length];
    int passed = 0;
    long highest = 0;
    for (long count : counts) {
      boolean expected =
          count > 0 && count > highest - NonceCounter.WINDOW && !contains(used, passed, count);
      if (real.use(nonce, count, NEVER) != expected) {
        fail("count %d of %s".formatted(count, Arrays.toString(counts)));
      }
      if (expected) {
        used[passed++] = count;
        highest = Math.max(highest, count);
      }
    }
    for (int i = 0; i < passed; i++) {
      if (real.use(nonce, used[i], NEVER)) {
        fail("count %d of %s once more".formatted(used[i], Arrays.toString(counts)));
      }
    }
  }

  private static boolean contains(long[] used, int passed, long count) {
    for (int i = 0; i < passed; i++) {
      if (used[i] == count) {
        return true;
      }
    }
    return false;
  }

  /** Each bit is where it belongs after each possible shift. */
  @Test
  void a_step_ahead_of_any_length_keeps_what_was_used_within_the_window() {
    for (long first : new long[] {1, 63, 64, 65, 127, 128, 129, 0xffff_ffffL - 300}) {
      for (long step = 1; step <= 300; step++) {
        NonceCounter real = new NonceCounter(1);
        Nonce nonce = nonce(1, 0);
        long highest = first + step;
        assertThat(real.use(nonce, first, NEVER) && real.use(nonce, highest, NEVER)).isTrue();
        for (long count = highest; count >= Math.max(0, highest - 300); count--) {
          boolean fresh =
              count > 0
                  && count > highest - NonceCounter.WINDOW
                  && count != first
                  && count != highest;
          if (real.use(nonce, count, NEVER) != fresh || real.use(nonce, count, NEVER)) {
            fail("count %d after %d and %d".formatted(count, first, highest));
          }
        }
      }
    }
  }

  /** Counts on, each place from 0 to the most; false behind the last. */
  private static boolean next(int[] counts, int most) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < most) {
        counts[i]++;
        return true;
      }
      counts[i] = 0;
    }
    return false;
  }

  @Test
  void a_million_random_counts_pass_exactly_as_a_set_of_used_ones_says() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 1_000; round++) {
      Nonce nonce = nonce(round, round);
      Set<Long> used = new HashSet<>();
      long highest = 0;
      int spread = 1 + random.nextInt(400);
      for (int i = 0; i < 1_000; i++) {
        long count = Math.max(0, highest + random.nextInt(spread) - spread * 3L / 4);
        boolean expected =
            count > 0 && count > highest - NonceCounter.WINDOW && !used.contains(count);
        assertThat(counter.use(nonce, count, NEVER))
            .as("seed %d, round %d, step %d, count %d", seed, round, i, count)
            .isEqualTo(expected);
        if (expected) {
          used.add(count);
          highest = Math.max(highest, count);
        }
      }
    }
  }

  /**
   * Attack: nonces are used until the counts of an older one are forgotten; then it is replayed.
   */
  @Test
  void what_was_forgotten_is_refused_for_ever() {
    NonceCounter small = new NonceCounter(3);
    for (int i = 1; i <= 4; i++) {
      assertThat(small.use(nonce(i, 0), 1, NEVER)).isTrue();
    }
    assertThat(small.size()).isEqualTo(3);
    assertThat(small.use(nonce(1, 0), 1, NEVER)).isFalse();
    assertThat(small.use(nonce(1, 0), 2, NEVER)).isFalse();
    assertThat(small.use(nonce(1, 7), 1, NEVER)).as("of the same age").isFalse();
    assertThat(small.use(nonce(0, 0), 1, NEVER)).as("older and never seen").isFalse();
    assertThat(small.use(nonce(2, 0), 2, NEVER)).as("still remembered").isTrue();
  }

  @Test
  void a_nonce_remembered_passes_although_one_of_the_same_millisecond_was_forgotten() {
    NonceCounter small = new NonceCounter(2);
    for (int i = 1; i <= 3; i++) {
      assertThat(small.use(nonce(1, i), 1, NEVER)).isTrue();
    }
    assertThat(small.use(nonce(1, 1), 2, NEVER)).isFalse();
    assertThat(small.use(nonce(1, 2), 2, NEVER)).isTrue();
    assertThat(small.use(nonce(1, 3), 1, NEVER)).isFalse();
  }

  @Test
  void expired_nonces_take_no_memory_and_stay_refused() {
    for (int i = 1; i <= 50; i++) {
      counter.use(nonce(i, 0), 1, NEVER);
    }
    assertThat(counter.use(nonce(51, 0), 1, 50)).isTrue();
    assertThat(counter.size()).isEqualTo(2);
    assertThat(counter.use(nonce(49, 0), 2, NEVER)).as("after a clock was set back").isFalse();
    assertThat(counter.use(nonce(50, 0), 2, NEVER)).isTrue();
  }

  @Test
  void of_threads_that_race_for_a_count_one_wins() throws Exception {
    int threads = 8;
    int nonces = 50;
    AtomicLong passed = new AtomicLong();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      running.add(
          executor.submit(
              () -> {
                start.await();
                for (int nonce = 1; nonce <= nonces; nonce++) {
                  for (int count = NonceCounter.WINDOW; count >= 1; count--) {
                    passed.addAndGet(use(nonce, count) ? 1 : 0);
                  }
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> one : running) {
      one.get();
    }
    executor.shutdown();
    assertThat(passed.get()).isEqualTo((long) nonces * NonceCounter.WINDOW);
  }

  @Test
  void every_shuffle_of_a_window_passes_each_count_once() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Long> counts = new ArrayList<>();
    for (long count = 1; count <= NonceCounter.WINDOW; count++) {
      counts.add(count);
      counts.add(count);
    }
    for (int round = 0; round < 200; round++) {
      Collections.shuffle(counts, random);
      Nonce nonce = nonce(round, 0);
      long passed = counts.stream().filter(count -> counter.use(nonce, count, NEVER)).count();
      assertThat(passed).as("seed " + seed).isEqualTo(NonceCounter.WINDOW);
    }
  }

  private boolean use(long nonce, long count) {
    return counter.use(nonce(nonce, 0), count, NEVER);
  }

  private static Nonce nonce(long madeAt, long random) {
    return new Nonce(madeAt, random, 0);
  }
}
