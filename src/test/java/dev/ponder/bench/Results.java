package dev.ponder.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The figures of one run, printed as they come and written down at the end.
final class Results {

  /// One figure. The aim is empty where the figure only explains another.
  record Figure(String name, String value, String aim, String how) {}

  private final List<Figure> figures = new ArrayList<>();

  void add(String name, String value, String aim, String how) {
    var figure = new Figure(name, value, aim, how);
    figures.add(figure);
    System.out.printf(
        Locale.ROOT, "%-62s %12s  %-10s  %s%n", name, value, aim.isEmpty() ? "" : aim, how);
  }

  static String number(double value) {
    return String.format(
        Locale.ROOT, Math.abs(value) < 1 ? "%.3f" : value < 100 ? "%.2f" : "%.0f", value);
  }

  void write(Path file, String title, List<String> surroundings) throws IOException {
    var text = new StringBuilder("# ").append(title).append("\n\n");
    surroundings.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n| figure | value | aim | how it was taken |\n| --- | ---: | --- | --- |\n");
    for (Figure figure : figures) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(figure.name(), figure.value(), figure.aim(), figure.how()));
    }
    Files.writeString(file, text);
  }
}
