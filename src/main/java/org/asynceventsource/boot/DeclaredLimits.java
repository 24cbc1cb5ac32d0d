package org.asynceventsource.boot;

import java.time.Duration;
import org.asynceventsource.SlowClients;

/**
 * The declarations of the settings of what clients and publishers may take, and of what becomes of
 * slow clients; the others are {@link Declared}.
 */
final class DeclaredLimits {

  private static final int A_MILLION = 1_000_000;

  static final Setting<Integer> CLIENTS =
      Setting.of(
          "limits.clients",
          SettingType.wholeNumber(1, 10 * A_MILLION),
          "10000",
          "Most open clients of all event sources together.");

  static final Setting<Integer> CLIENTS_PER_ADDRESS =
      Setting.of(
              "limits.clients-per-address",
              SettingType.wholeNumber(0, 10 * A_MILLION),
              "0",
              "Most open clients of one address, or of one IPv6 network of 64 bits, so that nobody"
                  + " takes all places; clients that are gone may count until two heartbeats later;"
                  + " `0` sets no bound.")
          .withHint("0 sets no bound");

  static final Setting<Integer> CLIENTS_PER_USER =
      Setting.of(
              "limits.clients-per-user",
              SettingType.wholeNumber(0, 10 * A_MILLION),
              "0",
              "Most open clients of one user who has logged in; `0` sets no bound.")
          .withHint("0 sets no bound");

  static final Setting<Duration> STALLED =
      Setting.of(
          "limits.stalled",
          SettingType.POSITIVE_DURATION,
          "30s",
          "How long a client may take no bytes until it is disconnected, to resume later.");

  static final Setting<Integer> DIRECT =
      Setting.of(
          "limits.direct",
          SettingType.wholeNumber(1, A_MILLION),
          "256",
          "Most events that may wait for one client alone.");

  static final Setting<Long> PENDING =
      Setting.of(
          "limits.pending",
          SettingType.size(1, "1024GB"),
          "64MB",
          "Most memory, beside the history, for what waits for single clients of an event source;"
              + " beyond it the slowest are disconnected, to resume.");

  static final Setting<Long> BODY =
      Setting.of(
          "limits.body",
          SettingType.size(1, "1GB"),
          "1MB",
          "Largest body of a published event, or largest event in a published stream.");

  static final Setting<Duration> SILENT =
      Setting.of(
          "limits.silent",
          SettingType.DURATION,
          "5m",
          "How long the publisher of a stream may send nothing, not even a comment, until its request is ended; `0` sets no bound.");

  static final Setting<SlowClients.Policy> SLOW_POLICY =
      Setting.of(
          "slow.policy",
          SettingType.choice(SlowClients.Policy.class),
          "disconnect",
          "What becomes of a client that is too slow: `disconnect` lets it resume, `skip` tells it"
              + " of a gap and goes on with the newest event, `conflate` leaves out events that a"
              + " later one with the same key replaces.");

  static final Setting<Integer> SLOW_EVENTS =
      Setting.of(
              "slow.events",
              SettingType.wholeNumber(0, 100 * A_MILLION),
              "0",
              "How many events a client may be behind until it is too slow; `0` for as many as the"
                  + " history holds.")
          .withHint("0 for as many as the history holds");

  static final Setting<Long> SLOW_BYTES =
      Setting.of(
              "slow.bytes",
              SettingType.size(0, "1024GB"),
              "0",
              "How many bytes a client may be behind until it is too slow; `0` for as many as the"
                  + " history holds.")
          .withHint("0 for as many as the history holds");

  private DeclaredLimits() {}
}
