package dev.ponder.thinking.thought;

import java.util.Arrays;

/// Notices a thought that says the same over and over, which thinking models do at times until
/// their budget is gone. Three rules, each of which reads every character once:
///
/// - the text ends in `repeats` equal passages in a row, of 8 to 400 characters each and of
///   [#LEAST] in all; without a letter, as the digits of 1/3 are, of [#DIGITS] in all;
/// - it ends in `repeats` passages in a row of equal words, however long they are, with
///   [#LEAST_WORDS] words in all;
/// - nearly all of its last [#WINDOW] words could be foretold: what follows [#CONTEXT] words has
///   followed them at least four times in a row. So one word in about fifty may be new each time,
///   and passages may change their order.
///
/// Numbers count as they are. Rows of a table, steps of an enumeration and cases with their own
/// numbers are new each time, because a number hides the words beside it from the third rule.
///
/// A thought that is stopped wrongly has lost its result, one that goes on costs its budget: in
/// doubt it goes on.
public final class LoopDetector {

  private static final int SHORTEST = 8;
  private static final int LONGEST = 400;
  private static final int STRIDE = 200;

  /// What repeats itself has at least so many characters, because a table can have a row of equal
  /// cells.
  private static final int LEAST = 200;

  private static final int DIGITS = 2000;

  /// Words that foretell the next one.
  private static final int CONTEXT = 6;

  /// Words that are looked at together, about 2,400 characters.
  private static final int WINDOW = 400;

  /// Truth tables, colourings and seatings are made of fewer different words, and each of their
  /// rows is new.
  private static final int LEAST_DIFFERENT = 25;

  /// The part of them that has to be foretold.
  private static final double FORETOLD = 0.85;

  /// Fewer words in equal passages are left to the first rule, and so are passages of very few
  /// different words: a matrix has rows of zeros.
  private static final int LEAST_WORDS = 100;

  private static final int LEAST_DIFFERENT_AT_THE_END = 4;

  /// Contexts that are remembered, as a power of two; the newest take the place of older ones.
  /// 0.9 MB at most, for a thought that has so many words.
  private static final int MOST_CONTEXTS = 1 << 16;

  private static final int FEWEST_CONTEXTS = 1 << 10;

  private static final String SIGNS = "+-*/=<>^×÷−≠≤≥≈";

  private final int repeats;

  /// How often in a row a word has to have followed before, so that once more is nothing new.
  private final int times;

  private int lookedAt;
  private int sinceWord;

  // The word that is being read.
  private int word;
  private int letters;
  private boolean ideographs;

  private final int[] last = new int[CONTEXT];
  private int words;

  // For each context by its hash: the hash, what followed, how often in a row, and where.
  private int[] contexts = new int[FEWEST_CONTEXTS];
  private int[] followers = new int[FEWEST_CONTEXTS];
  private short[] inARow = new short[FEWEST_CONTEXTS];
  private int[] places = new int[FEWEST_CONTEXTS];

  private final int[] recent = new int[WINDOW];
  private final boolean[] old = new boolean[WINDOW];
  private int foretold;

  // Words up to here that were what followed the last time, and how long ago that was.
  private int run;
  private int distance;

  /// @param repeats occurrences that make a loop
  public LoopDetector(int repeats) {
    this.repeats = repeats;
    this.times = Math.max(2, repeats - 3);
  }

  /// Whether the text ends in a loop. It begins with the text of the call before.
  public boolean loops(CharSequence text) {
    if (text.length() - lookedAt < STRIDE) {
      return false;
    }
    for (int i = lookedAt; i < text.length(); i++) {
      read(text.charAt(i));
    }
    lookedAt = text.length();
    return repeatsCharacters(text) || repeatsWords() || isForetold();
  }

  private boolean repeatsCharacters(CharSequence text) {
    // A passage that is looped has a letter or a digit, so it is in the last passage as well.
    for (int period = Math.max(SHORTEST, sinceWord + 1); period <= LONGEST; period++) {
      if (repeatsWith(text, period)) {
        return true;
      }
    }
    return false;
  }

  private boolean repeatsWith(CharSequence text, int period) {
    int enough = Math.max(period * (repeats - 1), LEAST - period);
    boolean digit = false;
    boolean letter = false;
    for (int back = 1; back <= Math.max(enough, DIGITS); back++) {
      int i = text.length() - back;
      if (i < period || text.charAt(i) != text.charAt(i - period)) {
        return false;
      }
      letter |= Character.isLetter(text.charAt(i));
      digit |= Character.isDigit(text.charAt(i));
      if (back >= enough && (letter || !digit)) {
        return letter;
      }
    }
    return true;
  }

  private boolean repeatsWords() {
    return run >= LEAST_WORDS
        && run >= (repeats - 1L) * distance
        && Arrays.stream(last).distinct().count() >= LEAST_DIFFERENT_AT_THE_END;
  }

  private boolean isForetold() {
    return foretold >= FORETOLD * WINDOW
        && Arrays.stream(recent).distinct().count() >= LEAST_DIFFERENT;
  }

  private void read(char c) {
    sinceWord = Character.isLetterOrDigit(c) ? 0 : sinceWord + 1;
    if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
      boolean ideograph = Character.isIdeographic(c) || (c >= '\u3040' && c <= '\u30ff');
      if (ideograph != ideographs || (ideograph && letters == 2)) {
        endWord();
      }
      // Where no blanks stand between words two characters are about one.
      ideographs = ideograph;
      word = 31 * word + Character.toLowerCase(c);
      letters++;
    } else {
      endWord();
      if (SIGNS.indexOf(c) >= 0) {
        word = c;
        letters = 1;
        endWord();
      }
    }
  }

  private void endWord() {
    if (letters == 0) {
      return;
    }
    int ended = mixed(word);
    word = 0;
    letters = 0;
    boolean nothingNew = words >= CONTEXT && followsAsEver(ended);
    int place = words % WINDOW;
    foretold += (nothingNew ? 1 : 0) - (old[place] ? 1 : 0);
    old[place] = nothingNew;
    recent[place] = ended;
    System.arraycopy(last, 1, last, 0, CONTEXT - 1);
    last[CONTEXT - 1] = ended;
    words++;
  }

  /// Whether the word is what has followed the last ones so often that it is nothing new.
  private boolean followsAsEver(int next) {
    if (words > contexts.length / 2 && contexts.length < MOST_CONTEXTS) {
      grow();
    }
    int context = mixed(Arrays.hashCode(last));
    int slot = context & (contexts.length - 1);
    boolean same = contexts[slot] == context && followers[slot] == next;
    int before = same ? inARow[slot] : 0;
    run = same ? run + 1 : 0;
    distance = words - places[slot];
    contexts[slot] = context;
    followers[slot] = next;
    inARow[slot] = (short) (same ? Math.min(before + 1, Short.MAX_VALUE) : 0);
    places[slot] = words;
    return same && before >= times;
  }

  private void grow() {
    int[] oldContexts = contexts;
    int[] oldFollowers = followers;
    short[] oldInARow = inARow;
    int[] oldPlaces = places;
    int size = 2 * oldContexts.length;
    contexts = new int[size];
    followers = new int[size];
    inARow = new short[size];
    places = new int[size];
    for (int i = 0; i < oldContexts.length; i++) {
      int slot = oldContexts[i] & (size - 1);
      contexts[slot] = oldContexts[i];
      followers[slot] = oldFollowers[i];
      inARow[slot] = oldInARow[i];
      places[slot] = oldPlaces[i];
    }
  }

  private static int mixed(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x7feb352d;
    mixed = (mixed ^ (mixed >>> 15)) * 0x846ca68b;
    return mixed ^ (mixed >>> 16);
  }
}
