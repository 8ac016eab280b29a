package dev.ponder.bench;

import java.util.ArrayList;
import java.util.List;

/// What was measured several times.
final class Samples {

  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double median() {
    return at(0.5);
  }

  double at(double part) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
  }

  int count() {
    return values.size();
  }
}
