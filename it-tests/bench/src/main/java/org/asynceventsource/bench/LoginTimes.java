package org.asynceventsource.bench;

import java.util.Map;
import java.util.SplittableRandom;

/**
 * The attack: to find out who is a user by how long a refusal takes. Wrong digests of users and of
 * names that nobody has, of one length, in random order; each from an address of its own, since
 * whoever fails often is refused without being looked at.
 */
final class LoginTimes {

  /** How many users there are. */
  static final int USERS = 200;

  private static final int EACH = 20_000;
  private static final int WARM_UP = 40_000;
  private static final int ADDRESSES_PER_BYTE = 200;

  private final SplittableRandom random = new SplittableRandom();
  private final Attempt attempt;
  private int addresses;

  private LoginTimes(Attempt attempt) {
    this.attempt = attempt;
  }

  /** What is timed. */
  @FunctionalInterface
  interface Attempt {

    /**
     * Sends a wrong digest and waits for the refusal.
     *
     * @param name whose
     * @param address where it seems to come from
     * @param response the digest
     * @return nanoseconds
     */
    long refused(String name, String address, String response) throws Exception;
  }

  static Map<Measure, Double> measure() {
    try (LoginServer server = LoginServer.start()) {
      double inProcess = new LoginTimes(new LoginFilter()).t("in process");
      double loopback = new LoginTimes(server).t("over loopback");
      return Map.of(
          Measure.LOGIN_T_IN_PROCESS, Math.abs(inProcess), Measure.LOGIN_T, Math.abs(loopback));
    } catch (Exception e) {
      throw new BenchmarkException("logins can't be timed", e);
    }
  }

  /** The name of a user. */
  static String user(int number) {
    return "user%06d".formatted(number);
  }

  private double t(String where) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      time(random.nextBoolean());
    }
    double[] known = new double[EACH];
    double[] unknown = new double[EACH];
    for (int knowns = 0, unknowns = 0; knowns + unknowns < 2 * EACH; ) {
      boolean isKnown = random.nextInt(2 * EACH - knowns - unknowns) < EACH - knowns;
      double nanos = time(isKnown);
      if (isKnown) {
        known[knowns++] = nanos;
      } else {
        unknown[unknowns++] = nanos;
      }
    }
    double t = Welch.ofUndisturbed(known, unknown);
    System.out.printf(
        "  %s: users %.0f ns, others %.0f ns, t %.2f (with disturbances %.2f)%n",
        where, Welch.mean(known), Welch.mean(unknown), t, Welch.of(known, unknown));
    return t;
  }

  private long time(boolean known) throws Exception {
    int number = random.nextInt(USERS);
    StringBuilder response = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      response.append("%016x".formatted(random.nextLong()));
    }
    return attempt.refused(
        user(known ? number : number + USERS), nextAddress(), response.toString());
  }

  private String nextAddress() {
    int number = addresses++;
    int third = number / ADDRESSES_PER_BYTE;
    return "10.%d.%d.%d"
        .formatted(
            third / ADDRESSES_PER_BYTE, third % ADDRESSES_PER_BYTE, number % ADDRESSES_PER_BYTE);
  }
}
