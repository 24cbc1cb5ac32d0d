package org.asynceventsource.stream;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.spi.Forwarding;
import org.jspecify.annotations.Nullable;

/**
 * The limits on clients of all event sources of an application together: of all clients, of those
 * of one address and of those of one user.
 *
 * <p>An IPv6 address stands for its first 64 bits. Whoever hasn't logged in is no user. Counts of
 * addresses and users are bounded by the clients there are. Safe for use by several threads.
 */
public final class Places {

  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();
  private final Share addresses;
  private final Share users;

  /**
   * As many places as there may be clients.
   *
   * @param limit how many, at least 1
   */
  public Places(int limit) {
    this(limit, 0, 0);
  }

  /**
   * As many places as there may be clients.
   *
   * @param limit how many, at least 1
   * @param perAddress how many of one address; 0 for as many as there are
   * @param perUser how many of one user; 0 for as many as there are
   */
  public Places(int limit, int perAddress, int perUser) {
    this.limit = limit;
    this.addresses = new Share("limits.clients-per-address", "one address", perAddress);
    this.users = new Share("limits.clients-per-user", "one user", perUser);
  }

  /** Takes a place, unless all or all of the visitor's are taken, which is logged. */
  boolean take(Visitor visitor) {
    if (taken.incrementAndGet() > limit) {
      taken.decrementAndGet();
      Log.WARN.warn(
          "limits.clients",
          "setting 'eventsource.limits.clients' allows %d clients and all places are taken; more are told to come back later"
              .formatted(limit));
      return false;
    }
    if (addresses.take(address(visitor))) {
      if (users.take(user(visitor))) {
        return true;
      }
      addresses.giveBack(address(visitor));
    }
    taken.decrementAndGet();
    return false;
  }

  /** Gives the visitor's place back. */
  void giveBack(Visitor visitor) {
    taken.decrementAndGet();
    addresses.giveBack(address(visitor));
    users.giveBack(user(visitor));
  }

  int limit() {
    return limit;
  }

  private String address(Visitor visitor) {
    return addresses.isLimited() ? Forwarding.network(visitor.remoteAddress()) : "";
  }

  private static @Nullable String user(Visitor visitor) {
    Principal user = visitor.principal();
    return user == null ? null : user.getName();
  }

  /** How many of the places each has that counts. */
  private static final class Share {

    private final String setting;
    private final String owner;
    private final int limit;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    Share(String setting, String owner, int limit) {
      this.setting = setting;
      this.owner = owner;
      this.limit = limit;
    }

    boolean isLimited() {
      return limit > 0;
    }

    boolean take(@Nullable String who) {
      if (!isLimited() || who == null || taken.merge(who, 1, Integer::sum) <= limit) {
        return true;
      }
      giveBack(who);
      Log.WARN.warn(
          setting,
          "setting 'eventsource.%s' allows %d clients of %s and all are taken by some; more of theirs are told to come back later"
              .formatted(setting, limit, owner));
      return false;
    }

    void giveBack(@Nullable String who) {
      if (isLimited() && who != null) {
        taken.computeIfPresent(who, (same, count) -> count == 1 ? null : count - 1);
      }
    }
  }
}
