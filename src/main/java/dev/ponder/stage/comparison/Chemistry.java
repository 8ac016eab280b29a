package dev.ponder.stage.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells chemical formulas apart that differ in their case only: Co is cobalt, CO is a gas.
final class Chemistry {

  private static final Set<String> ELEMENTS =
      Set.of(
          ("H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se"
                  + " Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Nd Hf Ta W Re"
                  + " Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu")
              .split(" "));
  private static final Pattern PART = Pattern.compile("([A-Z][a-z]?)\\d{0,3}");
  private static final int LONGEST = 20;

  private Chemistry() {}

  static boolean differ(String one, String other) {
    List<String> left = elements(one);
    List<String> right = elements(other);
    return !left.isEmpty() && !right.isEmpty() && !left.equals(right);
  }

  private static List<String> elements(String formula) {
    if (formula.length() > LONGEST) {
      return List.of();
    }
    var elements = new ArrayList<String>();
    Matcher part = PART.matcher(formula);
    int end = 0;
    while (end < formula.length() && part.find(end) && part.start() == end) {
      if (!ELEMENTS.contains(part.group(1))) {
        return List.of();
      }
      elements.add(part.group());
      end = part.end();
    }
    return end == formula.length() ? elements : List.of();
  }
}
