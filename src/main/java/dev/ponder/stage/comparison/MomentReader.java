package dev.ponder.stage.comparison;

import dev.ponder.stage.comparison.Value.Moment;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads days and times of day: `12 March 2024`, `2024-03-12`, `3 p.m.`, `15:00`, `noon`.
final class MomentReader {

  private static final int LONGEST = 60;

  private static final Map<String, Integer> MONTHS = months();

  private static final String MONTH = "(?<month>\\p{L}{3,9})\\.?";
  private static final String DAY = "(?:the )?(?<day>\\d{1,2})(?:st|nd|rd|th|\\.)?";
  private static final String YEAR = "(?:,? (?:of )?(?<year>\\d{4}))?";

  private static final Pattern[] DAYS = {
    Pattern.compile("(?<year>\\d{4})[-/.](?<number>\\d{1,2})[-/.](?<day>\\d{1,2})"),
    Pattern.compile("(?<year>\\d{4})年(?<number>\\d{1,2})月(?<day>\\d{1,2})日"),
    Pattern.compile("(?<day>\\d{1,2})\\. ?(?<number>\\d{1,2})\\. ?(?<year>\\d{4})"),
    Pattern.compile("(?i)" + DAY + "(?: of)? " + MONTH + YEAR),
    Pattern.compile("(?i)" + MONTH + " " + DAY + YEAR)
  };
  private static final Pattern SLASHES = Pattern.compile("(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4})");

  private static final Pattern WEEKDAY =
      Pattern.compile(
          "(?i)^(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?(?=.*\\d)|^on (?=.*\\d)");

  private static final Pattern CLOCK =
      Pattern.compile(
          "(?i)(?:at )?(?<hour>\\d{1,2})(?:[:.h](?<minute>[0-5]\\d)(?::(?<second>[0-5]\\d))?)?"
              + " ?(?<half>am|pm|noon|o'clock|uhr|in the (?:morning|afternoon|evening))?"
              + "(?: (?:utc|gmt))?");
  private static final Pattern BETWEEN_BOTH = Pattern.compile("(?i)(?:,? at |, |T(?=\\d)| )");

  private MomentReader() {}

  private static Map<String, Integer> months() {
    var months = new HashMap<String, Integer>();
    String[] names =
        ("january february march april may june july august september october november december")
            .split(" ");
    String[] german =
        "januar februar märz april mai juni juli august september oktober november dezember"
            .split(" ");
    for (int i = 0; i < 12; i++) {
      months.put(names[i], i + 1);
      months.put(german[i], i + 1);
      months.put(names[i].substring(0, 3), i + 1);
    }
    months.put("sept", 9);
    return months;
  }

  static Optional<Moment> read(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    String rest = WEEKDAY.matcher(text).replaceFirst("");
    Optional<Moment> one = day(rest).or(() -> time(rest));
    if (one.isPresent()) {
      return one;
    }
    Matcher between = BETWEEN_BOTH.matcher(rest);
    while (between.find()) {
      String left = rest.substring(0, between.start());
      String right = rest.substring(between.end()).replaceFirst("Z$", "");
      Optional<Moment> both = both(day(left), time(right)).or(() -> both(day(right), time(left)));
      if (both.isPresent()) {
        return both;
      }
    }
    return Optional.empty();
  }

  private static Optional<Moment> both(Optional<Moment> day, Optional<Moment> time) {
    return day.flatMap(
        d ->
            time.map(t -> new Moment(d.year(), d.day(), t.time(), d.ambiguous(), t.halfUnknown())));
  }

  private static Optional<Moment> day(String text) {
    Matcher slashes = SLASHES.matcher(text);
    if (slashes.matches()) {
      return slashes(
          Integer.parseInt(slashes.group(1)),
          Integer.parseInt(slashes.group(2)),
          Integer.parseInt(slashes.group(3)));
    }
    for (Pattern form : DAYS) {
      Matcher found = form.matcher(text);
      if (found.matches()) {
        boolean named = form.pattern().contains("<month>");
        Integer month =
            named
                ? MONTHS.get(found.group("month").toLowerCase(Locale.ROOT))
                : Integer.valueOf(found.group("number"));
        String year = found.group("year");
        if (month != null) {
          return day(
              Optional.ofNullable(year).map(Integer::valueOf),
              month,
              Integer.parseInt(found.group("day")),
              false);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Moment> slashes(int first, int second, int year) {
    if (first > 12) {
      return day(Optional.of(year), second, first, false);
    }
    return day(Optional.of(year), first, second, second <= 12 && first != second);
  }

  private static Optional<Moment> day(
      Optional<Integer> year, int month, int day, boolean ambiguous) {
    try {
      year.ifPresent(y -> LocalDate.of(y, month, day));
      return Optional.of(
          new Moment(
              year, Optional.of(MonthDay.of(month, day)), Optional.empty(), ambiguous, false));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  private static Optional<Moment> time(String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "noon", "midday", "12 noon", "12:00 noon", "at noon" -> {
        return time(LocalTime.NOON, false);
      }
      case "midnight", "at midnight", "12 midnight", "24:00", "24:00:00" -> {
        return time(LocalTime.MIDNIGHT, false);
      }
      default -> {
        // A clock.
      }
    }
    Matcher clock = CLOCK.matcher(text);
    if (!clock.matches()) {
      return Optional.empty();
    }
    String half = Optional.ofNullable(clock.group("half")).orElse("").toLowerCase(Locale.ROOT);
    boolean colon = clock.group("minute") != null;
    // "3.15" is a number and "3:5" a ratio: only "3:15" is a time without more words.
    if (half.isEmpty() && (!colon || !text.contains(":"))) {
      return Optional.empty();
    }
    int hour = Integer.parseInt(clock.group("hour"));
    int minute = colon ? Integer.parseInt(clock.group("minute")) : 0;
    String seconds = clock.group("second");
    boolean before = half.equals("am") || half.endsWith("morning");
    boolean after = half.equals("pm") || half.endsWith("noon") || half.endsWith("evening");
    if (before || after) {
      if (hour < 1 || hour > 12 && before || hour > 23) {
        return Optional.empty();
      }
      hour = hour > 12 ? hour : hour % 12 + (after ? 12 : 0);
    }
    if (hour > 23) {
      return Optional.empty();
    }
    boolean halfUnknown =
        !before
            && !after
            && !half.equals("uhr")
            && hour >= 1
            && hour <= 12
            && clock.group("hour").charAt(0) != '0';
    return time(
        LocalTime.of(hour, minute, seconds == null ? 0 : Integer.parseInt(seconds)), halfUnknown);
  }

  private static Optional<Moment> time(LocalTime time, boolean halfUnknown) {
    return Optional.of(
        new Moment(Optional.empty(), Optional.empty(), Optional.of(time), false, halfUnknown));
  }
}
