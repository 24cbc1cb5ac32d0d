package org.asynceventsource.boot;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value.
 *
 * @param <T> the value's type
 * @param requirement what the text must be, as it ends the sentence "… but must be"
 * @param parser the value, or empty if the text is a mistake; never throws
 */
record SettingType<T>(String requirement, Function<String, Optional<T>> parser) {

  static final SettingType<Secret> SECRET =
      new SettingType<>("any text", text -> Optional.of(new Secret(text)));

  static final SettingType<Boolean> BOOLEAN =
      new SettingType<>(
          "true or false",
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
              });

  static final SettingType<Duration> DURATION =
      new SettingType<>("a duration such as 15s", SettingType::duration);

  static final SettingType<Duration> POSITIVE_DURATION =
      new SettingType<>(
          "a duration above zero such as 30s",
          text -> duration(text).filter(duration -> !duration.isZero()));

  static final SettingType<Settings.Retry> RETRY =
      new SettingType<>("a range of durations such as 5s..15s", SettingType::retry);

  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})([a-zA-Z]{1,2})");
  private static final Map<String, Duration> TIME_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Map<String, Long> SIZE_UNITS =
      Map.of("B", 1L, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30);

  /** A text of one line that also passes a test of its own. */
  static SettingType<String> text(String requirement, Predicate<String> valid) {
    return new SettingType<>(
        requirement,
        text ->
            Optional.of(text)
                .filter(value -> value.chars().noneMatch(Character::isISOControl))
                .filter(valid));
  }

  /** One of the constants of an enum, in lower case. */
  static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    return new SettingType<>(
        String.join(" or ", constants.stream().map(SettingType::lowerCase).toList()),
        text ->
            constants.stream()
                .filter(constant -> lowerCase(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst());
  }

  /** Texts between commas; spaces around them and empty ones are dropped. */
  static <T> SettingType<List<T>> list(String requirement, Function<String, Optional<T>> element) {
    return new SettingType<>(
        requirement,
        text -> {
          List<Optional<T>> elements =
              Arrays.stream(text.split(","))
                  .map(String::strip)
                  .filter(part -> !part.isEmpty())
                  .map(element)
                  .toList();
          return elements.stream().allMatch(Optional::isPresent)
              ? Optional.of(elements.stream().map(Optional::get).distinct().toList())
              : Optional.empty();
        });
  }

  /** A whole number within bounds. */
  static SettingType<Integer> wholeNumber(int min, int max) {
    return new SettingType<>(
        "a whole number from %d to %d".formatted(min, max),
        text ->
            Optional.of(text)
                .filter(digits -> WHOLE_NUMBER.matcher(digits).matches())
                .map(Long::valueOf)
                .filter(number -> number >= min && number <= max)
                .map(Long::intValue));
  }

  /** A number of bytes within bounds. */
  static SettingType<Long> size(long min, String max) {
    long most = bytes(max).orElseThrow();
    return new SettingType<>(
        "a size such as 512KB, 16MB or 1GB, at most " + max,
        text -> bytes(text).filter(bytes -> bytes >= min && bytes <= most));
  }

  private static Optional<Long> bytes(String text) {
    if (text.equals("0")) {
      return Optional.of(0L);
    }
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(SIZE_UNITS.get(amount.group(2).toUpperCase(Locale.ROOT)))
        .filter(unit -> Long.parseLong(amount.group(1)) <= Long.MAX_VALUE / unit)
        .map(unit -> Long.parseLong(amount.group(1)) * unit);
  }

  static Optional<Duration> duration(String text) {
    return unbounded(text)
        .filter(duration -> !duration.isNegative() && duration.compareTo(LONGEST) <= 0);
  }

  private static Optional<Duration> unbounded(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    try {
      Matcher amount = AMOUNT.matcher(text);
      return amount.matches()
          ? Optional.ofNullable(TIME_UNITS.get(amount.group(2).toLowerCase(Locale.ROOT)))
              .map(unit -> unit.multipliedBy(Long.parseLong(amount.group(1))))
          : Optional.of(Duration.parse(text));
    } catch (DateTimeException | ArithmeticException notADuration) {
      return Optional.empty();
    }
  }

  private static Optional<Settings.Retry> retry(String text) {
    String[] ends = text.split("\\.\\.", -1);
    if (ends.length > 2) {
      return Optional.empty();
    }
    Optional<Duration> shortest = duration(ends[0].strip());
    Optional<Duration> longest = duration(ends[ends.length - 1].strip());
    return shortest.isPresent()
            && longest.isPresent()
            && shortest.get().toMillis() > 0
            && shortest.get().compareTo(longest.get()) <= 0
        ? Optional.of(new Settings.Retry(shortest.get(), longest.get()))
        : Optional.empty();
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
