package dev.ponder.stage.comparison;

/// How exactly a number is meant.
///
/// @param decimals digits after the point; negative: zeros before it that say nothing
/// @param digits significant digits
record Precision(Kind kind, int decimals, int digits) {

  enum Kind {
    /// A fraction, a root, a power: there is nothing to round.
    EXACT,
    /// A decimal number of which nobody says that it is rounded.
    WRITTEN,
    /// Said to be rounded: `≈ 0.667`.
    ROUNDED,
    /// Cut off: `3.14159…`.
    CUT
  }

  static final Precision EXACT = new Precision(Kind.EXACT, 0, 0);

  static Precision written(String whole, String decimals) {
    String all = (whole + decimals).replaceFirst("^0++", "");
    return new Precision(Kind.WRITTEN, decimals.length(), all.length());
  }

  Precision rounded() {
    return kind == Kind.CUT ? this : new Precision(Kind.ROUNDED, decimals, digits);
  }

  Precision cut() {
    return new Precision(Kind.CUT, decimals, digits);
  }

  Precision shifted(int powerOfTen) {
    return new Precision(kind, decimals - powerOfTen, digits);
  }

  /// Whether the writer says that digits are missing.
  boolean saysSo() {
    return kind == Kind.ROUNDED || kind == Kind.CUT;
  }

  /// Whether it can be a rounded number: two digits at least, and decimals where nobody says so.
  boolean mayBeRounded() {
    return digits >= 2 && (saysSo() || kind == Kind.WRITTEN && decimals > 0);
  }
}
