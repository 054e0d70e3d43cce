package io.github.starling.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DateFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Stream;

/** Lines that people wrote, from this repository and from the JDK. */
final class RealText {
  /** Loading all locales takes seconds. */
  private static final List<String> LOCALES = locales();

  private RealText() {}

  /** Returns the lines of this repository's own texts and sources, without empty ones. */
  static List<String> ofRepository() throws IOException {
    var lines = new ArrayList<String>();
    for (String root : List.of("LICENSE", "README.md", "pom.xml", "docs", "src")) {
      if (Files.exists(Path.of(root))) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
          for (Path file : files.filter(RealText::isText).sorted().toList()) {
            lines.addAll(Files.readAllLines(file));
          }
        }
      }
    }
    lines.removeIf(String::isBlank);
    return lines;
  }

  private static boolean isText(Path file) {
    return Files.isRegularFile(file) && file.toString().matches(".*(LICENSE|\\.(md|xml|java))");
  }

  /**
   * Returns a line for each locale of the JDK, in its language and script: dates, places, money.
   */
  static List<String> ofLocales() {
    return LOCALES;
  }

  private static List<String> locales() {
    var locales = Locale.getAvailableLocales();
    Arrays.sort(locales, Comparator.comparing(Locale::toLanguageTag));
    var currencies = List.of("EUR", "USD", "JPY", "INR", "CHF");
    var lines = new ArrayList<String>();
    for (int i = 0; i < locales.length; i++) {
      Locale locale = locales[i];
      var date = DateFormat.getDateTimeInstance(DateFormat.FULL, DateFormat.FULL, locale);
      date.setTimeZone(TimeZone.getTimeZone("Europe/Paris"));
      String money =
          Currency.getInstance(currencies.get(i % currencies.size())).getDisplayName(locale);
      lines.add(
          "%s: %s, %s. %s (%s)"
              .formatted(
                  locale.getDisplayName(locale),
                  date.format(new Date(86_400_000L * 31 * i)),
                  Locale.JAPAN.getDisplayName(locale),
                  money,
                  locale.toLanguageTag()));
    }
    return lines;
  }
}
