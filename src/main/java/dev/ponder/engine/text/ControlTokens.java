package dev.ponder.engine.text;

import dev.ponder.engine.text.ThinkTags.Pair;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes plain text of control tokens in what a model is asked. A server's tokenizer knows them by
/// their text, so a user could end his own message and write the assistant's otherwise. A blank
/// behind the first sign of a token is enough; a person reads the same.
///
/// What the model writes is left as it is: only what it is asked comes here.
public final class ControlTokens {

  /// Between bars, on both sides or on one: ChatML, Llama 3 and 4, Phi, GLM, gpt-oss, Command,
  /// Gemma 4; with the full-width bar DeepSeek.
  private static final String BARRED = "<[|｜][^<>\\s|｜][^<>\\s]{0,63}>|<[^<>\\s|｜]{1,64}[|｜]>";

  /// Between other signs: Llama 2, Gemma, Mistral, Hermes and Qwen, GLM, Seed-OSS, LongCat,
  /// MiniMax, and what models fill in.
  private static final String NAMED =
      "</?(?:s|bos|eos|pad|unk|mask|sop|eop|start_of_turn|end_of_turn|start_of_image|end_of_image"
          + "|end_of_utterance|tools?|tool_calls?|tool_response|seed:\\w{1,40}"
          + "|minimax:\\w{1,40}|longcat_\\w{1,40}|unused\\d{1,4}|fim_\\w{1,20}|extra_id_\\d{1,4})>"
          + "|<</?SYS>>"
          + "|\\[/?(?:INST|SYSTEM_PROMPT|MODEL_SETTINGS|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS"
          + "|TOOL_CONTENT|ARGS|CALL_ID|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|PREFIX|MIDDLE|SUFFIX"
          + "|BOS|EOS|PAD|UNK|MASK|gMASK|sMASK)]"
          + "|]~!?b[\\[\\]]|\\[e~\\[";

  /// It takes up no text: tokens can be inside of others.
  private static final Pattern CONTROL =
      Pattern.compile("(?=" + BARRED + "|" + NAMED + "|(?i:" + thinkTags() + "))");

  private ControlTokens() {}

  private static String thinkTags() {
    return ThinkTags.USUAL.pairs().stream()
        .flatMap(ControlTokens::tags)
        .map(KnownTags::literally)
        .collect(Collectors.joining("|"));
  }

  /// Prose means nothing to a tokenizer.
  private static Stream<String> tags(Pair pair) {
    return Stream.of(pair.opening(), pair.closing())
        .filter(tag -> !Character.isLetter(tag.charAt(0)));
  }

  /// The text with a blank behind the first sign of each control token, however it is disguised.
  ///
  /// @param more tokens of the model that are none of the usual ones; shorter than three characters
  ///     they are left alone
  public static String harmless(String text, String... more) {
    Plain plain = Plain.of(text);
    BitSet first = new BitSet();
    Matcher matcher = CONTROL.matcher(plain.text());
    while (matcher.find()) {
      first.set(plain.place(matcher.start()));
    }
    for (String token : more) {
      if (token.length() > 2) {
        for (int at = plain.text().indexOf(token);
            at >= 0;
            at = plain.text().indexOf(token, at + 1)) {
          first.set(plain.place(at));
        }
      }
    }
    return first.isEmpty() ? text : broken(text, first);
  }

  private static String broken(String text, BitSet first) {
    StringBuilder result = new StringBuilder(text.length() + first.cardinality());
    int copied = 0;
    for (int at = first.nextSetBit(0); at >= 0; at = first.nextSetBit(at + 1)) {
      result.append(text, copied, at + 1).append(' ');
      copied = at + 1;
    }
    return result.append(text, copied, text.length()).toString();
  }

  /// A text as a tokenizer may see it that takes away what nobody sees and makes the usual signs of
  /// wide ones.
  ///
  /// @param places of its characters in the original; null where it is the original
  private record Plain(String text, int @Nullable [] places) {

    static Plain of(String text) {
      if (text.chars().allMatch(it -> plain((char) it) == it)) {
        return new Plain(text, null);
      }
      StringBuilder plain = new StringBuilder(text.length());
      int[] places = new int[text.length()];
      for (int i = 0; i < text.length(); i++) {
        char it = plain(text.charAt(i));
        if (it != NOTHING) {
          places[plain.length()] = i;
          plain.append(it);
        }
      }
      return new Plain(plain.toString(), places);
    }

    private static final char NOTHING = '\uffff';

    private static char plain(char it) {
      return switch (it) {
        case '＜' -> '<';
        case '＞' -> '>';
        case '［' -> '[';
        case '］' -> ']';
        case '／' -> '/';
        default -> it > 0x7f && isUnseen(it) ? NOTHING : it;
      };
    }

    private static boolean isUnseen(char it) {
      return Character.getType(it) == Character.FORMAT || (it >= '\ufe00' && it <= '\ufe0f');
    }

    int place(int at) {
      return places == null ? at : places[at];
    }
  }
}
