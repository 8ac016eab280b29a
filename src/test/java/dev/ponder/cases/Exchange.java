package dev.ponder.cases;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One completion that is being answered. It knows which stage asks, and how a server answers that
/// behaves; a case changes what it is about.
final class Exchange {

  private static final Pattern WORD = Pattern.compile("\\S+\\s*|\\s+");
  private static final List<String> NUMBERS =
      List.of(
          ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
                  + " sixteen seventeen eighteen nineteen twenty")
              .split(" "));

  private final Socket socket;
  private final JsonNode request;
  private final int number;
  private boolean started;

  Exchange(Socket socket, JsonNode request, int number) {
    this.socket = socket;
    this.request = request;
    this.number = number;
  }

  /// Which one of the completions of its model it is, from 1.
  int number() {
    return number;
  }

  /// What asks: a stage, `acquaintance` for the questions that find out how a server goes on with a
  /// text, `judge`, or `other`.
  String stage() {
    String system = message("system");
    String user = message("user");
    if (user.contains("Count from 1 to 100")) {
      return "acquaintance";
    }
    return Map.of(
            "You prepare a problem", "analysis",
            "You solve a problem", "exploration",
            "You bring independent", "synthesis",
            "You verify a candidate", "verification",
            "You write the answer", "final",
            "You condense", "compression",
            "You compare", "judge")
        .entrySet()
        .stream()
        .filter(each -> system.startsWith(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("other");
  }

  /// The branch that asks, from 1; 0 if none does.
  int branch() {
    var found = Pattern.compile("You are number (\\d) of").matcher(message("user"));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  String message(String role) {
    for (JsonNode message : request.path("messages").values()) {
      if (message.path("role").asString("").equals(role)) {
        return message.path("content").asString("");
      }
    }
    return "";
  }

  JsonNode request() {
    return request;
  }

  /// Answers the questions that find out how a server goes on, as one that cannot.
  ///
  /// @param field in which it writes
  boolean acquainted(String field) throws IOException {
    if (!stage().equals("acquaintance")) {
      return false;
    }
    int most = Math.min(NUMBERS.size(), request.path("max_tokens").asInt(24));
    for (String word : NUMBERS.subList(0, most)) {
      delta(field, word + ", ");
    }
    finish("length");
    usage(20, most);
    done();
    return true;
  }

  String thought() {
    return "Let me think about the %s. Six times seven is forty-two. That is settled."
        .formatted(stage());
  }

  /// What a model concludes whose answer is 42.
  String conclusion() {
    return conclusion("42");
  }

  String conclusion(String answer) {
    return switch (stage()) {
      case "analysis" -> "Facts: 6 times 7. Question: the product. Plan: multiply.";
      case "exploration" -> "Six sevens are forty-two.\nAnswer: " + answer;
      case "synthesis" -> "All agree.\nCandidate: " + answer;
      case "verification" ->
          "6 * 7 = 42.\nVerdict: correct\nAnswer: %s\nConfidence: 0.9".formatted(answer);
      case "final" -> "The product is 42.";
      default -> answer;
    };
  }

  void good() throws IOException {
    good(thought(), conclusion());
  }

  void good(String thinking, String content) throws IOException {
    both(thinking, content);
    finish("stop");
    usage(100, 30);
    done();
  }

  /// The text of a good answer, without its end.
  void both() throws IOException {
    both(thought(), conclusion());
  }

  void both(String thinking, String content) throws IOException {
    event(chunk(Map.of("role", "assistant", "content", ""), null));
    words("reasoning_content", thinking);
    words("content", content);
  }

  void words(String field, String text) throws IOException {
    var word = WORD.matcher(text);
    while (word.find()) {
      delta(field, word.group());
    }
  }

  void delta(String field, @Nullable Object value) throws IOException {
    Map<String, @Nullable Object> delta = new LinkedHashMap<>();
    delta.put(field, value);
    event(chunk(delta, null));
  }

  void finish(@Nullable String reason) throws IOException {
    event(chunk(Map.of(), reason));
  }

  void usage(Object prompt, Object completion) throws IOException {
    event(
        Map.of(
            "choices",
            List.of(),
            "usage",
            Map.of("prompt_tokens", prompt, "completion_tokens", completion)));
  }

  void done() throws IOException {
    raw("data: [DONE]\n\n");
  }

  Map<String, @Nullable Object> chunk(Object delta, @Nullable String finish) {
    Map<String, @Nullable Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("delta", delta);
    choice.put("finish_reason", finish);
    Map<String, @Nullable Object> chunk = new LinkedHashMap<>();
    chunk.put("id", "c1");
    chunk.put("object", "chat.completion.chunk");
    chunk.put("choices", List.of(choice));
    return chunk;
  }

  void event(Object json) throws IOException {
    raw("data: " + json(json) + "\n\n");
  }

  static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  /// Any text; begins a stream of events if nothing has been sent.
  void raw(String text) throws IOException {
    raw(CaseServer.utf8(text));
  }

  void raw(byte[] bytes) throws IOException {
    if (!started) {
      head(200, "text/event-stream", -1, Map.of());
    }
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  /// A whole answer that is no stream.
  void whole(int status, Object json) throws IOException {
    whole(status, "application/json", json(json), Map.of());
  }

  void whole(int status, String type, String text, Map<String, String> headers) throws IOException {
    byte[] body = CaseServer.utf8(text);
    head(status, type, body.length, headers);
    raw(body);
  }

  private void head(int status, String type, int length, Map<String, String> headers)
      throws IOException {
    started = true;
    var head = new StringBuilder("HTTP/1.1 %d x\r\nContent-Type: %s\r\n".formatted(status, type));
    headers.forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
    if (length >= 0) {
      head.append("Content-Length: %d\r\n".formatted(length));
    }
    raw(head + "Connection: close\r\n\r\n");
  }

  /// Says the same again and again, until the client has gone.
  void forever(String text, int millis) throws IOException, InterruptedException {
    while (true) {
      raw(text);
      TimeUnit.MILLISECONDS.sleep(millis);
    }
  }

  /// Says nothing until the client has gone.
  void hang() throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // Whatever else it says.
    }
  }

  /// Sends a text in pieces of one byte.
  void byteByByte(String text) throws IOException {
    for (byte each : CaseServer.utf8(text)) {
      raw(Arrays.copyOf(new byte[] {each}, 1));
    }
  }
}
