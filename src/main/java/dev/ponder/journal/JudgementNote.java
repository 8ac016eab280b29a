package dev.ponder.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a line of the journal says of a judgement: which of a job's answers mean the same, by the
/// word of a model. `MODEL: 1=3, 2`, then for each answer its number, a digest by which it is known
/// again, and its beginning.
///
/// @param model that judged
/// @param groups numbers from 1 of the answers that mean the same; each answer is in one group
/// @param digests of the answers, in order
/// @param answers for a reader; after the journal they are beginnings only
public record JudgementNote(
    String model, List<List<Integer>> groups, List<String> digests, List<String> answers) {

  /// Characters of the note that the answers' beginnings share.
  private static final int SHOWN = 1200;

  private static final Pattern ANSWER = Pattern.compile("(\\d{1,3})\\. ([0-9a-f]{12}) ?(.*)");

  public JudgementNote {
    groups = groups.stream().map(List::copyOf).toList();
    digests = List.copyOf(digests);
    answers = List.copyOf(answers);
  }

  public static JudgementNote of(String model, List<List<Integer>> groups, List<String> answers) {
    return new JudgementNote(
        model, groups, answers.stream().map(JudgementNote::digest).toList(), answers);
  }

  /// By what an answer is known again.
  public static String digest(String answer) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(answer.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  String line() {
    var line = new StringBuilder(model).append(": ").append(said(groups));
    int each = SHOWN / Math.max(1, answers.size());
    for (int i = 0; i < answers.size(); i++) {
      String shown = answers.get(i).replaceAll("\\s+", " ");
      int end =
          shown.offsetByCodePoints(0, Math.min(each, shown.codePointCount(0, shown.length())));
      line.append('\n')
          .append(i + 1)
          .append(". ")
          .append(digests.get(i))
          .append(' ')
          .append(shown, 0, end);
    }
    return line.toString();
  }

  /// `1=3, 2`.
  public static String said(List<List<Integer>> groups) {
    return String.join(
        ", ",
        groups.stream()
            .map(group -> String.join("=", group.stream().map(String::valueOf).toList()))
            .toList());
  }

  static Optional<JudgementNote> read(String note) {
    List<String> lines = note.lines().toList();
    int colon = lines.isEmpty() ? -1 : lines.getFirst().lastIndexOf(": ");
    if (colon < 0) {
      return Optional.empty();
    }
    List<String> digests = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      Matcher answer = ANSWER.matcher(line);
      if (answer.matches()) {
        digests.add(answer.group(2));
        answers.add(answer.group(3));
      }
    }
    List<List<Integer>> groups = new ArrayList<>();
    for (String group : lines.getFirst().substring(colon + 2).split(", ")) {
      List<Integer> numbers = new ArrayList<>();
      for (String number : group.split("=")) {
        if (!number.matches("\\d{1,3}") || Integer.parseInt(number) > digests.size()) {
          return Optional.empty();
        }
        numbers.add(Integer.valueOf(number));
      }
      groups.add(numbers);
    }
    return Optional.of(
        new JudgementNote(lines.getFirst().substring(0, colon), groups, digests, answers));
  }
}
