package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.text.ThinkParser;
import dev.ponder.engine.text.ThinkParser.Split;
import dev.ponder.engine.text.ThinkTags;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What servers send, and the thought and the conclusion that a person reads in it; each row also
/// cut at every place.
class TranscriptTests {

  private static final ThoughtKey ANY = new ThoughtKey(Stage.DEEP_EXPLORATION, 1, 1);

  /// @param splits whether the server is known to send reasoning by itself
  /// @param written before
  record Row(
      String name,
      boolean splits,
      String written,
      List<Event> events,
      String thinking,
      String conclusion) {
    @Override
    public String toString() {
      return name;
    }

    Row after(String text) {
      return new Row(name, splits, text, events, thinking, conclusion);
    }
  }

  record Event(String thinking, String content) {}

  private static Event r(String text) {
    return new Event(text, "");
  }

  private static Event c(String text) {
    return new Event("", text);
  }

  private static Row split(String name, String thinking, String conclusion, Event... events) {
    return new Row(name, true, "", List.of(events), thinking, conclusion);
  }

  private static Row tagged(String name, String text, String thinking, String conclusion) {
    return new Row(name, false, "", List.of(c(text)), thinking, conclusion);
  }

  private static final String LITERAL =
      "The format is <think>plan</think> and then the answer. So 42. Done.";
  private static final String SHOWN =
      "The format is <think>plan< /think> and then the answer. So 42. Done.";

  static Stream<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.addAll(serversThatSplit());
    rows.addAll(tagsOfModels());
    rows.addAll(literalsInThoughts());
    rows.addAll(literalsInConclusions());
    rows.addAll(controlTokens());
    rows.addAll(continuations());
    return rows.stream();
  }

  private static List<Row> serversThatSplit() {
    return List.of(
        split("plain", "I count.", "42", r("I count."), c("42")),
        split("plain, as the first answer", "I count.", "42", r("I "), r("count."), c("4"), c("2")),
        split("both in one event", "I count.", "42", new Event("I count.", "42")),
        split("blank lines kept by the server", "I count.", "42", r("I count.\n"), c("\n\n42\n")),
        split("literal tags in reasoning", SHOWN, "42", r(LITERAL), c("42")),
        split("closing in reasoning", "a < /think> b", "42", r("a </think> b"), c("42")),
        split(
            "closing on a line of its own in reasoning",
            "a\n< /think>\nb",
            "42",
            r("a\n</think>\nb"),
            c("42")),
        split("closing left at the end of reasoning", "a", "42", r("a\n</think>\n"), c("42")),
        split("tags left around reasoning", "a", "42", r("<think>\na\n</think>"), c("42")),
        split("opening left at the start of reasoning", "a", "42", r("<think>\na"), c("42")),
        split(
            "closing quoted at the end of reasoning",
            "ends with `< /think>`",
            "42",
            r("ends with `</think>`"),
            c("42")),
        split(
            "closing named at the end of reasoning",
            "The tag is < /think>",
            "42",
            r("The tag is </think>"),
            c("42")),
        split("content begins with the closing", "a", "42", r("a"), c("</think>\n\n42")),
        split("content begins with it twice", "a", "42", r("a"), c("</think>\n</think>\n\n42")),
        split("content begins with another closing", "a", "42", r("a"), c("[/THINK]42")),
        split(
            "content begins with an empty pair", "a", "42", r("a"), c("<think>\n\n</think>\n\n42")),
        split("content begins with a thought", "a\n\nb", "42", r("a"), c("<think>b</think>42")),
        split(
            "content begins with a thought on lines",
            "a\n\nb",
            "42",
            r("a"),
            c("<think>\nb\n</think>\n\n42")),
        split(
            "content begins with two thoughts",
            "a\n\nb\n\nc",
            "42",
            r("a"),
            c("<think>b</think><think>c</think>42")),
        split("no reasoning, but tags", "a", "42", c("<think>a</think>42")),
        split("no reasoning at all", "", "42", c("42")),
        split("only reasoning", "a", "", r("a")),
        split("only reasoning, with the closing", "a", "", r("a\n</think>")),
        split("all of it in reasoning", "a\n< /think>\n\n42", "42", r("a\n</think>\n\n42")),
        split("a literal pair in reasoning and no content", SHOWN, "", r(LITERAL)),
        split("blanks before the reasoning", "a", "42", c("\n\n"), r("a"), c("42")),
        split("content before the reasoning", "Well.\n\na", "42", c("Well."), r("a"), c("42")),
        split(
            "reasoning between contents",
            "a",
            "42\n\nand 43",
            r("a"),
            c("42"),
            r("b"),
            c("and 43")),
        split("reasoning behind the content", "a", "42", r("a"), c("42"), r("b")),
        split("blank content", "a", "", r("a"), c("\n\n")),
        split(
            "harmony header in content",
            "a",
            "42",
            r("a"),
            c("<|channel|>final<|message|>42<|return|>")),
        split("answer tags", "a", "42", r("a"), c("<answer>\n42\n</answer>")),
        split(
            "answer tags in the middle",
            "a",
            "It is <answer>42</answer> then",
            r("a"),
            c("It is <answer>42</answer> then")),
        split(
            "answer tags of Command A",
            "a",
            "42",
            r("a"),
            c("<|START_RESPONSE|>42<|END_RESPONSE|>")));
  }

  private static List<Row> tagsOfModels() {
    List<Row> rows = new ArrayList<>();
    for (ThinkTags.Pair pair : ThinkTags.USUAL.pairs()) {
      String text = pair.opening() + "\nI count.\n" + pair.closing() + "\n\n42";
      rows.add(tagged("opens and closes with " + pair, text, "I count.", "42"));
      if (!Character.isLetter(pair.opening().charAt(0))) {
        String closedOnly = "I count." + pair.closing() + "42";
        rows.add(tagged("closes with " + pair, closedOnly, "I count.", "42"));
      }
    }
    rows.addAll(
        List.of(
            tagged("blanks before the opening", "\n\n<think>\na\n</think>\n\n42", "a", "42"),
            tagged("any case", "<Think>a</THINK>42", "a", "42"),
            tagged("blanks in the tags", "<think >a</ think >42", "a", "42"),
            tagged("opens twice", "<think>\n<think>\na</think>42", "a", "42"),
            tagged("closes twice", "a\n</think>\n</think>\n\n42", "a", "42"),
            tagged("closes twice in one line", "a</think></think>42", "a", "42"),
            tagged("an empty thought", "<think>\n\n</think>\n\n42", "", "42"),
            tagged("nothing but a closing", "</think>42", "", "42"),
            tagged("no conclusion", "<think>a</think>", "a", ""),
            tagged("no tags", "a", "a", ""),
            tagged("nothing", "", "", ""),
            tagged("two thoughts", "<think>a</think>\n<think>b</think>\n42", "a\n\nb", "42"),
            tagged(
                "another pair inside",
                "<think>a <thinking>b</thinking> c.</think>42",
                "a <thinking>b</thinking> c.",
                "42"),
            tagged(
                "another closing inside",
                "<think>a\n</thinking>\nb</think>42",
                "a\n</thinking>\nb",
                "42"),
            tagged(
                "gpt-oss",
                "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>42<|return|>",
                "a",
                "42"),
            tagged(
                "gpt-oss without control tokens",
                "<|channel|>analysis<|message|>a<|start|>assistant<|channel|>final<|message|>42",
                "a",
                "42"),
            tagged(
                "gpt-oss, two messages of thought",
                "<|start|>assistant<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>b<|end|><|start|>assistant<|channel|>final<|message|>42",
                "a\n\nb",
                "42"),
            tagged(
                "gpt-oss without a thought", "<|channel|>final<|message|>42<|return|>", "", "42"),
            tagged("Hunyuan", "<think>\na\n</think>\n<answer>\n42\n</answer>", "a", "42"),
            tagged(
                "a thought that begins with a link", "[Note](x) a</think>42", "[Note](x) a", "42"),
            tagged("signs that are no tags", "a < b </ c </thin", "a < b </ c </thin", "")));
    return rows;
  }

  private static List<Row> literalsInThoughts() {
    return List.of(
        tagged("a pair in a sentence", "<think>" + LITERAL + "</think>42", SHOWN, "42"),
        tagged("a pair in a sentence, closed on a line", LITERAL + "\n</think>\n\n42", SHOWN, "42"),
        tagged(
            "in backticks",
            "`<think>` opens, `</think>` closes.</think>42",
            "`<think>` opens, `< /think>` closes.",
            "42"),
        tagged(
            "in quotes",
            "\"<think>\" opens and \"</think>\" closes.</think>42",
            "\"<think>\" opens and \"< /think>\" closes.",
            "42"),
        tagged("in code", "`a </think> b` is code.</think>42", "`a < /think> b` is code.", "42"),
        tagged(
            "in a sentence",
            "the tag </think> closes it.</think>42",
            "the tag < /think> closes it.",
            "42"),
        tagged(
            "at the end of a sentence",
            "It ends with </think>. So 42.</think>42",
            "It ends with < /think>. So 42.",
            "42"),
        tagged(
            "in a block of code",
            "So:\n```\n<think>\nplan\n</think>\nanswer\n```\nFine.\n</think>\n\n42",
            "So:\n```\n<think>\nplan\n< /think>\nanswer\n```\nFine.",
            "42"),
        tagged(
            "a pair on lines",
            "So:\n<think>\nplan\n</think>\nanswer. Fine.\n</think>\n\n42",
            "So:\n<think>\nplan\n< /think>\nanswer. Fine.",
            "42"),
        tagged(
            "the opening mentioned",
            "It mentions <think> once.\n</think>\n\n42",
            "It mentions <think> once.",
            "42"),
        tagged(
            "the opening mentioned in quotes",
            "It says '<think>' or `<think>`. So.</think>42",
            "It says '<think>' or `<think>`. So.",
            "42"),
        tagged(
            "the opening mentioned, closed in its line",
            "It mentions <think> once.\nSo 42.</think>\n\n42",
            "It mentions <think> once.\nSo 42.< /think>\n\n42",
            "42"),
        tagged(
            "the opening mentioned and closed in one line",
            "It mentions <think> once. So 42.</think>\n\n42",
            "It mentions <think> once. So 42.< /think>\n\n42",
            "42"),
        tagged(
            "the opening mentioned and closed in one line, without an end",
            "It mentions <think> once</think>\n42",
            "It mentions <think> once< /think>\n42",
            "42"),
        tagged("a pair in a sentence and no end", LITERAL, SHOWN, ""),
        tagged(
            "the opening mentioned first on a line",
            "A\n<think> is a tag.\n</think>\n\n42",
            "A\n<think> is a tag.\n< /think>\n\n42",
            "42"),
        tagged(
            "closed in the middle of a line",
            "I count. </think> Answer: 42",
            "I count.",
            "Answer: 42"),
        tagged("closed behind a sentence", "I count.</think> forty-two", "I count.", "forty-two"),
        tagged(
            "closed in a sentence",
            "I count </think> forty-two",
            "I count < /think> forty-two",
            "forty-two"),
        tagged("a stray backtick", "it`s done.</think>42", "it`s done.< /think>42", "42"),
        tagged(
            "a closing of another model",
            "In [THINK] b [/THINK] c.</think>42",
            "In [THINK] b [/THINK] c.",
            "42"),
        tagged("a harmless one", "a < /think> b.</think>42", "a < /think> b.", "42"));
  }

  private static List<Row> literalsInConclusions() {
    String answer = "It writes <think>, then </think>, then the answer.";
    return List.of(
        split("an answer about tags", "a", answer, r("a"), c(answer)),
        tagged("an answer about tags, after tags", "<think>a</think>" + answer, "a", answer),
        split(
            "an answer about tags on lines",
            "a",
            "So:\n<think>\nplan\n</think>\n42",
            r("a"),
            c("So:\n<think>\nplan\n</think>\n42")),
        split(
            "an answer that begins with a tag in backticks",
            "a",
            "`<think>` opens it.",
            r("a"),
            c("`<think>` opens it.")),
        split(
            "an answer that begins with a tag",
            "a\n\nis the opening.",
            "<think> is the opening.",
            r("a"),
            c("<think> is the opening.")),
        split(
            "an answer that ends with a tag",
            "a",
            "The tag is </think>",
            r("a"),
            c("The tag is </think>")),
        split(
            "an answer that ends with a tag in backticks",
            "a",
            "Use `</think>`",
            r("a"),
            c("Use `</think>`")),
        split("a stray closing at the end", "a", "42", r("a"), c("42\n</think>")),
        split(
            "an answer that ends with a token",
            "a",
            "Answer: <|im_end|>",
            r("a"),
            c("Answer: <|im_end|>")),
        split(
            "an answer that names tokens",
            "a",
            "<|im_start|> and <|im_end|>",
            r("a"),
            c("<|im_start|> and <|im_end|>")),
        split(
            "an answer that begins with a token",
            "a",
            "<|im_end|> ends a turn.",
            r("a"),
            c("<|im_end|> ends a turn.")),
        split(
            "an answer that begins with blanks and a token",
            "a",
            "<|im_end|> ends a turn.",
            r("a"),
            c("\n<|im_end|> ends a turn.")),
        split(
            "tokens in the middle",
            "a",
            "A <|im_end|> B </s> C",
            r("a"),
            c("A <|im_end|> B </s> C")));
  }

  private static List<Row> controlTokens() {
    List<Row> rows = new ArrayList<>();
    for (String token :
        List.of(
            "<|im_end|>",
            "<|endoftext|>",
            "</s>",
            "<|eot_id|>",
            "<|end|>",
            "<end_of_turn>",
            "<｜end▁of▁sentence｜>",
            "<|return|>",
            "<eos>",
            "[EOS]",
            "<turn|>",
            "<|END_OF_TURN_TOKEN|>",
            "<seed:eos>",
            "<|im_end|>\n<|endoftext|>",
            "<|im_end|> <|im_end|> ",
            "\n<|im_end|>")) {
      String name = token.replace("\n", "\\n");
      rows.add(split(name + " behind the content", "a", "42", r("a"), c("42" + token)));
      rows.add(split(name + " behind the reasoning", "a", "42", r("a" + token), c("42")));
      rows.add(tagged(name + " behind a tagged answer", "<think>a</think>42" + token, "a", "42"));
      rows.add(tagged(name + " behind a thought", "<think>a" + token, "a", ""));
    }
    for (String token :
        List.of(
            "<s>",
            "<bos>",
            "<|begin_of_text|>",
            "<|im_start|>assistant\n",
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
            "<｜Assistant｜>",
            "<start_of_turn>model\n")) {
      String name = token.replace("\n", "\\n");
      rows.add(split(name + " before the content", "a", "42", r("a"), c(token + "42")));
      rows.add(split(name + " before the reasoning", "a", "42", r(token + "a"), c("42")));
      rows.add(tagged(name + " before tags", token + "<think>a</think>42", "a", "42"));
    }
    rows.add(split("nothing but a token", "a", "", r("a"), c("<|im_end|>")));
    rows.add(tagged("a token in a thought", "a <|im_end|> b.</think>42", "a <|im_end|> b.", "42"));
    rows.add(tagged("a token before the closing", "a<|im_end|>\n</think>42", "a", "42"));
    return rows;
  }

  private static List<Row> continuations() {
    return List.of(
        tagged("goes on in a thought", " b.\n</think>\n\n42", "a b.", "42").after("a"),
        tagged("opens again", "<think>\nb.\n</think>\n\n42", "a.\nb.", "42").after("a.\n"),
        tagged("goes on in a closing", "think>42", "a", "42").after("a</"),
        tagged("goes on in a closing that is none", "thin>42", "a</thin>42", "").after("a</"),
        tagged("goes on in a conclusion", "2", "a", "42").after("a</think>\n\n4"),
        tagged("goes on behind a closing", "\n\n42", "a", "42").after("a\n</think>\n\n"),
        tagged("closes once more", "</think>\n\n42", "a", "42").after("a\n</think>\n\n"),
        tagged("thinks once more", "<think>b</think>42", "a", "42").after("a\n</think>\n\n"),
        tagged("concludes with tags", "Use <think>.", "a", "Use <think>.").after("a</think>\n\n"),
        split("is reasoning to the server", "a", "42", r("42")).after("a\n</think>\n\n"),
        split("goes on in reasoning", "a b", "42", r(" b"), c("42")).after("a"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aPersonReadsThoughtAndConclusion(Row row) {
    String text = read(row, row.events());

    assertReads(row, text);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void itReadsTheSameWhereverItIsCut(Row row) {
    String whole = read(row, row.events());

    for (int event = 0; event < row.events().size(); event++) {
      String it = text(row.events().get(event));
      for (int at = 1; at < it.length(); at++) {
        assertThat(read(row, cut(row.events(), event, at)))
            .as("cut event %d at %d", event, at)
            .isEqualTo(whole);
      }
    }
    assertThat(read(row, letters(row.events()))).as("letter by letter").isEqualTo(whole);
  }

  private static final List<String> PARTS =
      List.of(
          "<think>",
          "</think>",
          "</think>\n\n",
          "\n</think>\n",
          "[/THINK]",
          "</thinking>",
          "<",
          "</",
          "think>",
          "`",
          "\"",
          "```\n",
          "\n",
          " ",
          "a",
          "The tag is ",
          "Done.",
          "word ",
          "🙂",
          "<|im_end|>",
          "</s>",
          "<s>",
          "<answer>",
          "</answer>",
          "<|channel|>final<|message|>",
          "H");

  @Test
  void whateverComesItReadsTheSameWhereverItIsCut() {
    long seed = System.nanoTime();
    System.out.println("TranscriptTests: seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      List<Event> events = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        events.add(random.nextBoolean() ? c(text(random)) : r(text(random)));
      }
      Row row = new Row("random", random.nextBoolean(), "", events, "", "");

      String whole = read(row, events);

      assertThat(read(row, letters(events))).as("seed %d, %s", seed, events).isEqualTo(whole);
      assertThat(read(row, pieces(events, random)))
          .as("seed %d, %s", seed, events)
          .isEqualTo(whole);
    }
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(9); i >= 0; i--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }

  private static List<Event> pieces(List<Event> events, SplittableRandom random) {
    List<Event> all = new ArrayList<>();
    for (Event event : events) {
      String it = text(event);
      for (int at = 0; at < it.length(); ) {
        int to = Math.min(it.length(), at + 1 + random.nextInt(7));
        all.add(event.thinking().isEmpty() ? c(it.substring(at, to)) : r(it.substring(at, to)));
        at = to;
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<",
        "</think",
        "`",
        "<|im_end|>",
        "<think>",
        "</think> a ",
        "`</think>`",
        "\n",
        " ",
        "a\n</thinking>\n",
        "Here is my ",
        "[",
        "<|",
        "word "
      })
  void aCallCostsAsMuchAsItsPieceIsLong(String part) {
    for (boolean splits : List.of(true, false)) {
      Transcript transcript = new Transcript(ThinkTags.USUAL, "", splits);
      long before = System.nanoTime();
      for (int i = 0; i < 150_000 / part.length(); i++) {
        transcript.text(splits ? part : "", splits ? "" : part);
      }
      transcript.end(true);

      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private static void assertReads(Row row, String text) {
    Split split = ThinkParser.split(text);
    assertThat(split.thinking().strip()).isEqualTo(row.thinking());
    assertThat(split.conclusion().strip()).isEqualTo(row.conclusion());
    Thought thought = Thought.of(ANY, 1, text, 1, 1, Thought.ClosedBy.MODEL);
    assertThat(thought.reasoning()).isEqualTo(row.thinking());
    assertThat(thought.conclusion()).isEqualTo(row.conclusion());
  }

  private static String read(Row row, List<Event> events) {
    Transcript transcript = new Transcript(ThinkTags.USUAL, row.written(), row.splits());
    StringBuilder text = new StringBuilder(row.written());
    for (Event event : events) {
      text.append(transcript.text(event.thinking(), event.content()));
    }
    return text.append(transcript.end(true)).toString();
  }

  private static String text(Event event) {
    return event.thinking().isEmpty() ? event.content() : event.thinking();
  }

  private static List<Event> cut(List<Event> events, int which, int at) {
    List<Event> all = new ArrayList<>(events);
    Event it = all.remove(which);
    if (!it.thinking().isEmpty() && !it.content().isEmpty()) {
      return events;
    }
    boolean thinking = !it.thinking().isEmpty();
    String head = text(it).substring(0, at);
    String rest = text(it).substring(at);
    all.add(which, thinking ? r(rest) : c(rest));
    all.add(which, thinking ? r(head) : c(head));
    return all;
  }

  private static List<Event> letters(List<Event> events) {
    List<Event> all = new ArrayList<>();
    for (Event event : events) {
      event.thinking().chars().forEach(it -> all.add(r(String.valueOf((char) it))));
      event.content().chars().forEach(it -> all.add(c(String.valueOf((char) it))));
    }
    return all;
  }
}
