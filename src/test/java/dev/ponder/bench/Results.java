package dev.ponder.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The figures of one run, printed as they come and kept at the end.
final class Results {

  /// One figure. The aim is empty where the figure only explains another.
  record Figure(String part, String name, String value, String aim, String how) {

    String row(String taken) {
      return "| %s | %s | %s | %s | %s |".formatted(name, value, aim, taken, how);
    }
  }

  private static final List<String> HEAD =
      List.of("", "| figure | value | aim | taken | how |", "| --- | ---: | --- | --- | --- |");

  private final List<Figure> figures = new ArrayList<>();
  private String part = "";
  private String explained = "";

  /// What is added from now on belongs to a part of the benchmark.
  void begin(String next) {
    part = next;
  }

  /// A name that begins with two blanks says more of the figure before it.
  void add(String name, String value, String aim, String how) {
    System.out.printf(Locale.ROOT, "%-62s %12s  %-10s  %s%n", name, value, aim, how);
    if (!name.startsWith(" ")) {
      explained = name;
    }
    String whole = name.startsWith(" ") ? explained + ": " + name.strip() : name;
    figures.add(new Figure(part, whole, value, aim, how));
  }

  static String number(double value) {
    return String.format(
        Locale.ROOT, Math.abs(value) < 1 ? "%.3f" : value < 100 ? "%.2f" : "%.0f", value);
  }

  /// Puts each figure into the table of its part, above what it was before.
  void keep(Path page, String taken) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(page));
    for (Figure figure : figures) {
      String heading = "## `bench/run %s`".formatted(figure.part());
      int begin = lines.indexOf(heading);
      if (begin < 0) {
        begin = lines.size() + 1;
        lines.addAll(List.of("", heading));
        lines.addAll(HEAD);
      }
      int at = begin + 1;
      while (!lines.get(at).startsWith("|")) {
        at++;
      }
      at += 2;
      while (at < lines.size()
          && lines.get(at).startsWith("|")
          && !lines.get(at).startsWith("| " + figure.name() + " |")) {
        at++;
      }
      lines.add(at, figure.row(taken));
    }
    Files.write(page, lines);
  }
}
