package dev.ponder.cases;

import dev.ponder.cases.CaseServer.Scenario;
import dev.ponder.cases.ServerCase.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The cases, by kind.
final class ServerCases {

  /// Seconds for a job whose server answers; on a busy machine, beside all others.
  static final int PATIENT = 120;

  /// Seconds for a job whose server does not.
  static final int SHORT = 12;

  private static final int CONTEXT = 32_768;

  private final List<ServerCase> cases = new ArrayList<>();

  static List<ServerCase> all() {
    var all = new ServerCases();
    all.tags();
    all.controlTokens();
    all.finishReasons();
    all.usages();
    all.eventStreams();
    all.contents();
    all.errors();
    all.silences();
    all.texts();
    all.answers();
    return all.cases;
  }

  private void add(String name, Wanted wanted, Scenario server) {
    add(name, CONTEXT, wanted, server);
  }

  private void add(String name, @Nullable Integer context, Wanted wanted, Scenario server) {
    cases.add(
        new ServerCase(
            name,
            exchange -> {
              String field = name.startsWith("tags-") ? "content" : "reasoning_content";
              if (name.equals("hangs-from-the-start") || !exchange.acquainted(field)) {
                server.answer(exchange);
              }
            },
            context,
            wanted));
  }

  private void full(String name, Scenario server) {
    add(name, Wanted.full(), server);
  }

  // --- where thinking ends

  private void tags() {
    full("good", Exchange::good);
    full(
        "field-reasoning",
        it -> {
          it.words("reasoning", it.thought());
          it.words("content", it.conclusion());
          it.finish("stop");
          it.done();
        });
    full(
        "literal-think-in-reasoning",
        it ->
            it.good(
                "The format is <think>plan</think> and then the answer. 40 + 2 = 42. Done.",
                it.conclusion()));
    full(
        "literal-closing-in-reasoning",
        it -> it.good("It ends with </think>.\nSo what? 42.", it.conclusion()));
    full(
        "literal-closing-on-its-own-line-in-reasoning",
        it -> it.good("It ends with\n</think>\n\nand goes on. 42.", it.conclusion()));
    add(
        "literal-think-in-the-answer",
        Wanted.full().text("Write <think>first</think> and then 42."),
        it ->
            it.good(
                it.thought(),
                it.stage().equals("final")
                    ? "Write <think>first</think> and then 42."
                    : it.conclusion()));
    full(
        "content-starts-with-close-tag",
        it -> it.good(it.thought(), "</think>\n\n" + it.conclusion()));
    full(
        "content-starts-with-empty-pair",
        it -> it.good(it.thought(), "<think>\n\n</think>\n\n" + it.conclusion()));
    full(
        "content-starts-with-a-second-thought",
        it -> it.good(it.thought(), "<think>One more look.</think>\n" + it.conclusion()));
    full(
        "content-has-the-empty-pair-alone",
        it -> tagged(it, "<think>\n\n</think>\n\n" + it.conclusion()));
    Map<String, String[]> pairs = new LinkedHashMap<>();
    pairs.put("think", new String[] {"<think>\n", "\n</think>\n\n"});
    pairs.put("thinking", new String[] {"<thinking>\n", "\n</thinking>\n\n"});
    pairs.put("thought", new String[] {"<thought>\n", "\n</thought>\n\n"});
    pairs.put("capitals", new String[] {"<Think>\n", "\n</Think>\n\n"});
    pairs.put("mistral", new String[] {"[THINK]", "[/THINK]"});
    pairs.put("minimax", new String[] {"<mm:think>\n", "\n</mm:think>\n\n"});
    pairs.put("seed", new String[] {"<seed:think>", "</seed:think>"});
    pairs.put("opened-by-the-template", new String[] {"", "\n</think>\n\n"});
    pairs.put("closed-twice", new String[] {"<think>\n", "\n</think>\n\n</think>\n\n"});
    pairs.put(
        "harmony",
        new String[] {
          "<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"
        });
    pairs.forEach(
        (name, pair) ->
            full(
                "tags-" + name,
                it -> tagged(it, pair[0] + it.thought() + pair[1] + it.conclusion())));
    full(
        "tags-byte-by-byte",
        it -> {
          for (char each :
              ("<think>\n" + it.thought() + "\n</think>\n\n" + it.conclusion()).toCharArray()) {
            it.delta("content", String.valueOf(each));
          }
          it.finish("stop");
          it.done();
        });
    full(
        "tags-with-a-literal-pair-inside",
        it ->
            tagged(
                it,
                "<think>\nWrite <think>plan</think> first. 42.\n</think>\n\n" + it.conclusion()));
    full(
        "tags-with-a-quoted-closing-inside",
        it ->
            tagged(it, "<think>\nThe tag `</think>` ends it. 42.\n</think>\n\n" + it.conclusion()));
  }

  private static void tagged(Exchange it, String content) throws IOException {
    it.words("content", content);
    it.finish("stop");
    it.usage(100, 30);
    it.done();
  }

  private void controlTokens() {
    Map.of(
            "im-end", "<|im_end|>",
            "eos", "</s>",
            "eot", "<|eot_id|>\n",
            "endoftext", "\n<|im_end|>\n<|endoftext|>",
            "end-of-turn", "<end_of_turn>",
            "deepseek", "<｜end▁of▁sentence｜>")
        .forEach(
            (name, token) ->
                full("trailing-" + name, it -> it.good(it.thought(), it.conclusion() + token)));
    full(
        "trailing-im-end-of-reasoning",
        it -> it.good(it.thought() + "<|im_end|>", it.conclusion()));
  }

  // --- what stands beside the text

  private void finishReasons() {
    for (String reason :
        List.of("eos_token", "stop_sequence", "STOP", "eos", "end_turn", "", "something_new")) {
      full(
          "finish-" + (reason.isEmpty() ? "empty" : reason.replace('_', '-')),
          it -> {
            it.both();
            it.finish(reason);
            it.usage(100, 30);
            it.done();
          });
    }
    full(
        "finish-missing",
        it -> {
          it.both();
          it.usage(100, 30);
          it.done();
        });
    full(
        "finish-null-and-no-done",
        it -> {
          it.both();
          it.finish(null);
        });
    full(
        "finish-without-done",
        it -> {
          it.both();
          it.finish("stop");
        });
    full(
        "finish-twice",
        it -> {
          it.both();
          it.finish("stop");
          it.finish("stop");
          it.done();
          it.done();
        });
    full(
        "finish-with-the-last-word",
        it -> {
          it.words("reasoning_content", it.thought());
          it.event(it.chunk(Map.of("content", it.conclusion()), "stop"));
          it.done();
        });
    for (String reason : List.of("content_filter", "tool_calls")) {
      add(
          "finish-" + reason.replace('_', '-'),
          Wanted.full()
              .text(null)
              .confidence(0)
              .completeness("partial|none")
              .requests(40)
              .thoughts(11),
          it -> {
            it.both();
            it.finish(reason);
            it.usage(100, 30);
            it.done();
          });
    }
  }

  private void usages() {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("negative", -5);
    counts.put("600000", 600_000);
    counts.put("longer-than-an-int", 1L << 40);
    counts.put("longer-than-a-long", "99999999999999999999");
    counts.put("a-fraction", 30.5);
    counts.put("a-string", "30");
    counts.put("a-list", List.of(30));
    counts.put("zero", 0);
    counts.forEach(
        (name, count) ->
            full(
                "usage-" + name,
                it -> {
                  it.both();
                  it.finish("stop");
                  it.usage(count, count);
                  it.done();
                }));
    full(
        "usage-null",
        it -> {
          it.both();
          it.finish("stop");
          it.raw("data: {\"choices\":[],\"usage\":null}\n\n");
          it.done();
        });
    full(
        "usage-missing",
        it -> {
          it.both();
          it.finish("stop");
          it.done();
        });
    full(
        "usage-in-every-event",
        it -> {
          it.both();
          for (int i = 1; i < 30; i++) {
            it.usage(100, i);
          }
          it.finish("stop");
          it.usage(100, 30);
          it.done();
        });
    full(
        "usage-with-more-cached-than-there-were",
        it -> {
          it.both();
          it.finish("stop");
          it.event(
              Map.of(
                  "choices",
                  List.of(),
                  "usage",
                  Map.of(
                      "prompt_tokens",
                      10,
                      "completion_tokens",
                      30,
                      "prompt_tokens_details",
                      Map.of("cached_tokens", 900_000))));
          it.done();
        });
  }

  private void eventStreams() {
    full(
        "empty-data-line",
        it -> {
          it.raw("data:\n\n");
          it.both();
          it.raw("data: \n\ndata\n\n");
          it.finish("stop");
          it.done();
        });
    full("carriage-returns-and-line-feeds", it -> replaced(it, "\n", "\r\n"));
    full("carriage-returns", it -> replaced(it, "\n", "\r"));
    full("no-space-after-the-colon", it -> replaced(it, "data: ", "data:"));
    full("comments-between", it -> replaced(it, "data: ", ": still here\n\ndata: "));
    full(
        "ids-and-retries",
        it -> replaced(it, "data: ", "id: 7\nretry: 10\nevent: message\ndata: "));
    full("unknown-fields", it -> replaced(it, "data: ", "x-request: 9\nfoo\ndata: "));
    full("byte-order-mark", it -> it.raw("\uFEFF" + goodStream(it)));
    full(
        "event-over-two-data-lines",
        it -> {
          it.both();
          it.raw(
              "data: {\"choices\":[{\"index\":0,\"delta\":{},\ndata: \"finish_reason\":\"stop\"}]}\n\n");
          it.done();
        });
    full("byte-by-byte", it -> it.byteByByte(goodStream(it)));
    full("no-last-line-end", it -> it.raw(goodStream(it).strip()));
    full(
        "an-event-that-is-no-json",
        it -> {
          it.both();
          it.raw("data: [PING]\n\n");
          it.finish("stop");
          it.done();
        });
    full(
        "something-after-done",
        it -> {
          it.good();
          it.raw("data: {\"choices\":[{\"delta\":{\"content\":\"late\"}}]}\n\n");
        });
  }

  private static void replaced(Exchange it, String one, String other) throws IOException {
    it.raw(goodStream(it).replace(one, other));
  }

  private static String goodStream(Exchange it) {
    var stream = new StringBuilder();
    for (Map<String, String> delta :
        List.of(Map.of("reasoning_content", it.thought()), Map.of("content", it.conclusion()))) {
      stream.append("data: %s\n\n".formatted(Exchange.json(it.chunk(delta, null))));
    }
    stream.append("data: %s\n\n".formatted(Exchange.json(it.chunk(Map.of(), "stop"))));
    return stream + "data: [DONE]\n\n";
  }

  private void contents() {
    full(
        "content-as-parts",
        it -> {
          it.words("reasoning_content", it.thought());
          it.delta("content", List.of(Map.of("type", "text", "text", it.conclusion())));
          it.finish("stop");
          it.done();
        });
    full(
        "thinking-as-a-part",
        it -> {
          it.delta(
              "content",
              List.of(
                  Map.of(
                      "type",
                      "thinking",
                      "thinking",
                      List.of(Map.of("type", "text", "text", it.thought())))));
          it.delta("content", List.of(Map.of("type", "text", "text", it.conclusion())));
          it.finish("stop");
          it.done();
        });
    full(
        "nulls-everywhere",
        it -> {
          it.delta("reasoning_content", null);
          it.delta("content", null);
          it.raw(
              "data: {\"choices\":null}\n\ndata: {\"choices\":[]}\n\ndata: {}\n\ndata: null\n\n");
          it.raw("data: {\"choices\":[{\"index\":0,\"delta\":null,\"finish_reason\":null}]}\n\n");
          it.good();
        });
    full(
        "a-message-instead-of-a-delta",
        it -> {
          it.event(Map.of("choices", List.of(whole(it))));
          it.done();
        });
    full(
        "no-stream-at-all",
        it -> it.whole(200, Map.of("object", "chat.completion", "choices", List.of(whole(it)))));
    full(
        "unknown-members",
        it -> {
          it.event(
              Map.of(
                  "choices",
                  List.of(Map.of("delta", Map.of("role", "assistant", "audio", Map.of())))));
          it.event(Map.of("object", "ping", "choices", List.of(), "service_tier", "x"));
          it.good();
        });
  }

  private static Map<String, Object> whole(Exchange it) {
    return Map.of(
        "index",
        0,
        "message",
        Map.of("role", "assistant", "reasoning_content", it.thought(), "content", it.conclusion()),
        "finish_reason",
        "stop");
  }

  // --- servers and proxies in trouble

  private void errors() {
    String quota =
        "{\"error\":{\"message\":\"quota exceeded for this month\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}";
    add(
        "json-error-with-200",
        Wanted.ends("paused|failed", "quota exceeded", 16),
        it -> it.whole(200, "application/json", quota, Map.of()));
    add(
        "stream-error-object-error",
        Wanted.ends("failed", "4096 tokens", 8),
        it -> {
          it.event(
              Map.of(
                  "object",
                  "error",
                  "message",
                  "The context of the model is 4096 tokens and you asked for 9000.",
                  "type",
                  "BadRequestError",
                  "code",
                  400));
          it.done();
        });
    add(
        "stream-error-with-a-text-code",
        Wanted.ends("paused|failed", "quota exceeded", 16),
        it -> it.raw("data: " + quota + "\n\n"));
    add(
        "wrong-key",
        Wanted.ends("paused", "Incorrect API key", 8),
        it ->
            it.whole(
                401,
                Map.of(
                    "error", Map.of("message", "Incorrect API key", "code", "invalid_api_key"))));
    add(
        "wrong-key-in-a-stream",
        Wanted.ends("paused", "Incorrect API key", 8),
        it ->
            it.event(
                Map.of(
                    "error", Map.of("message", "Incorrect API key", "code", "invalid_api_key"))));
    add(
        "unknown-model",
        Wanted.ends("paused", "does not exist", 8),
        it ->
            it.whole(
                404,
                Map.of(
                    "error",
                    Map.of("message", "The model does not exist", "code", "model_not_found"))));
    add(
        "html-with-200",
        Wanted.inTime().requests(40),
        it ->
            it.whole(
                200,
                "text/html",
                "<html><body><h1>Maintenance until noon</h1></body></html>",
                Map.of()));
    add(
        "unavailable-for-ever",
        Wanted.inTime().requests(40),
        it -> it.whole(503, Map.of("error", Map.of("message", "loading"))));
    for (Map.Entry<String, Integer> first :
        Map.of("busy-twice", 429, "broken-twice", 500, "gateway-twice", 502).entrySet()) {
      add(
          first.getKey(),
          Wanted.full().requests(30),
          it -> {
            // Its first completions are those by which it is got to know.
            if (it.number() % 5 < 2) {
              it.whole(
                  first.getValue(),
                  "application/json",
                  "{\"error\":{\"message\":\"try later\"}}",
                  Map.of("Retry-After", "1"));
            } else {
              it.good();
            }
          });
    }
  }

  private void silences() {
    add("keepalive-forever", Wanted.inTime(), it -> it.forever(": keep-alive\n\n", 250));
    add(
        "empty-deltas-forever",
        Wanted.inTime(),
        it -> it.forever("data: {\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n", 100));
    add("spaces-forever", Wanted.inTime(), it -> it.forever(" ", 100));
    add("no-headers-ever", Wanted.inTime(), Exchange::hang);
    add("hangs-from-the-start", Wanted.inTime(), Exchange::hang);
    add(
        "half-an-answer-and-silence",
        Wanted.inTime(),
        it -> {
          it.words("reasoning_content", it.thought());
          it.hang();
        });
    add(
        "endless-thought",
        Wanted.inTime(),
        it -> {
          for (int i = 0; true; i++) {
            it.delta("reasoning_content", "Then %d and %d. ".formatted(i, i * 7919 % 1000));
            if (i % 8 == 0) {
              java.util.concurrent.TimeUnit.MILLISECONDS.sleep(20);
            }
          }
        });
    add("endless-line", Wanted.inTime(), it -> it.forever("data: " + "x".repeat(4096), 1));
    add(
        "endless-conclusion",
        Wanted.inTime().completeness("full|partial|none"),
        it -> {
          it.words("reasoning_content", it.thought());
          for (int i = 0; true; i++) {
            it.delta("content", "Step %d of many. ".formatted(i));
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(5);
          }
        });
  }

  // --- text that takes long to look at

  private void texts() {
    Random random = new Random(600);
    String numbers =
        IntStream.range(0, 600)
            .mapToObj(
                i ->
                    "Row %d: %d + %d * %d - %d.%d gives %d, which is at least %d and not %d."
                        .formatted(
                            i,
                            random.nextInt(100, 99_999),
                            random.nextInt(100, 99_999),
                            random.nextInt(2, 99),
                            random.nextInt(1, 999),
                            random.nextInt(10, 99),
                            random.nextInt(1000, 9_999_999),
                            random.nextInt(1, 999),
                            random.nextInt(1, 999)))
            .collect(Collectors.joining("\n"));
    String word =
        random
            .ints(3000, 'a', 'q')
            .mapToObj(each -> String.valueOf((char) each))
            .collect(Collectors.joining());
    String digits =
        random
            .ints(3500, '1', ':')
            .mapToObj(each -> String.valueOf((char) each))
            .collect(Collectors.joining());
    thinking("thoughts-of-numbers", numbers);
    thinking("thoughts-of-brackets", "(".repeat(20_000));
    // These are loops, which are closed: half a vote each, and another request for its conclusion.
    looping("thoughts-of-markers", "There is no cat and not a dog. It must not be. ".repeat(800));
    looping("thoughts-of-one-sentence", "no cat ".repeat(4000));
    before("word-of-3000-letters", word);
    before("number-of-3500-digits", digits);
    before("blob", word.replace('a', 'A').replace('b', '/').replace('c', '+') + "==");
    before(
        "strand",
        word.replaceAll("[a-d]", "A")
            .replaceAll("[e-h]", "C")
            .replaceAll("[i-l]", "G")
            .replaceAll("[m-q]", "T"));
    before("brackets", "((([[[{{{".repeat(400));
    full(
        "halves-of-an-emoji",
        it -> {
          it.words("reasoning_content", it.thought());
          it.raw("data: {\"choices\":[{\"delta\":{\"reasoning_content\":\" \\ud83d\"}}]}\n\n");
          it.raw("data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"\\ude00\"}}]}\n\n");
          it.words("content", it.conclusion());
          it.finish("stop");
          it.done();
        });
    full(
        "half-an-emoji",
        it -> {
          it.raw(
              "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"\\ude00 \\ud83d\"}}]}\n\n");
          it.words("content", it.conclusion());
          it.finish("stop");
          it.done();
        });
    full(
        "no-character",
        it -> {
          it.raw("data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"a\\u0000b\"}}]}\n\n");
          it.words("content", it.conclusion());
          it.finish("stop");
          it.done();
        });
  }

  private void thinking(String name, String thought) {
    full(name, it -> explored(it, thought));
  }

  private void looping(String name, String thought) {
    add(name, Wanted.full().confidence(0.6).requests(20), it -> explored(it, thought));
  }

  private static void explored(Exchange it, String thought) throws IOException {
    it.delta("reasoning_content", it.stage().equals("exploration") ? thought : it.thought());
    it.words("content", it.conclusion());
    it.finish("stop");
    it.done();
  }

  private void before(String name, String text) {
    add(
        name,
        8192,
        Wanted.full().requests(30),
        it -> {
          it.words("reasoning_content", it.thought());
          it.delta("content", it.stage().equals("final") ? "" : text + "\n");
          it.words("content", it.stage().equals("compression") ? "It is long." : it.conclusion());
          it.finish("stop");
          it.usage(100, 800);
          it.done();
        });
  }

  // --- answers in several notations

  private void answers() {
    agreeing("notations-of-coins", "13", "**13 coins**", "$\\boxed{13}$");
    agreeing("notations-of-a-half", "$\\frac12$", "0.5", "1/2");
    agreeing("notations-of-an-equation", "x = 3", "3", "x=3.0");
    agreeing("notations-of-a-quarter", "25%", "25 percent", "25 %");
    agreeing("notations-of-a-set", "{2,3,5}", "2, 3 and 5", "{5, 2, 3}");
    agreeing("notations-of-an-option", "(B)", "B) mitochondria", "b");
    agreeing("notations-of-a-time", "3 p.m.", "15:00", "3:00 PM");
    concluding("answer-on-the-next-line", "So it is.\nAnswer:\n42");
    concluding("answer-after-a-blank-line", "So it is.\n\n**Answer:**\n\n42");
    concluding("answer-with-a-wide-colon", "So it is.\nAnswer：42");
    concluding("answer-under-a-heading", "So it is.\n\n### Final Answer\n42");
    concluding("answer-in-bold", "So it is.\n**Final Answer:** **42**");
    concluding("answer-in-a-box-alone", "So it is.\n\\[ \\boxed{42} \\]");
    add(
        "answer-line-is-missing",
        Wanted.full().requests(24),
        it -> {
          String lost = "Six sevens are forty-two, and that settles it.";
          boolean again = it.request().toString().contains(lost);
          boolean first = it.stage().equals("exploration") && !again;
          it.good(it.thought(), first ? lost : it.conclusion());
        });
    add(
        "answers-abstain",
        Wanted.full().text(null).confidence(0).completeness("none").requests(30).thoughts(11),
        it ->
            it.good(
                it.thought(),
                it.stage().equals("final")
                    ? "It cannot be said."
                    : it.conclusion("cannot be determined")));
  }

  private void agreeing(String name, String one, String two, String three) {
    full(
        name,
        it ->
            it.good(
                it.thought(),
                it.conclusion(
                    switch (it.branch()) {
                      case 2 -> two;
                      case 3 -> three;
                      default -> one;
                    })));
  }

  private void concluding(String name, String conclusion) {
    full(
        name,
        it ->
            it.good(it.thought(), it.stage().equals("exploration") ? conclusion : it.conclusion()));
  }
}
