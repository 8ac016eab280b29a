package dev.ponder.bench;

import dev.ponder.bench.TracedEngine.Asked;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.Sampling;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A bare script on a llama-server: the five stages one after another, the branches of one side by
/// side, with the prompts, seeds and lengths that a job of Ponder's had. It keeps nothing, resumes
/// nothing, and speaks to the server in the plainest way.
final class ReplayedScript implements AutoCloseable {

  private final URI server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.shared();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  ReplayedScript(URI server) {
    this.server = server;
  }

  /// Empties the slots, so that whoever comes next evaluates its prompts itself.
  void forgetAll() throws IOException, InterruptedException {
    for (JsonNode slot : json.readTree(get("/slots")).values()) {
      post("/slots/" + slot.get("id").asInt() + "?action=erase", Map.of());
    }
  }

  /// @return the tokens it wrote
  int think(List<Asked> job) throws Exception {
    int tokens = 0;
    for (List<List<Asked>> stage : stages(job)) {
      List<Future<Integer>> branches = new ArrayList<>();
      for (List<Asked> branch : stage) {
        branches.add(threads.submit(() -> thought(branch)));
      }
      for (Future<Integer> branch : branches) {
        tokens += branch.get();
      }
    }
    return tokens;
  }

  /// The requests by stage, which its instructions tell, and then by branch.
  private static List<List<List<Asked>>> stages(List<Asked> job) {
    Map<String, Map<String, List<Asked>>> stages = new LinkedHashMap<>();
    for (Asked asked : job) {
      stages
          .computeIfAbsent(
              String.valueOf(asked.request().conversation().system()), k -> new LinkedHashMap<>())
          .computeIfAbsent(asked.request().affinity(), k -> new ArrayList<>())
          .add(asked);
    }
    return stages.values().stream().map(stage -> List.copyOf(stage.values())).toList();
  }

  /// A thought that was closed at its budget was asked for in two parts, with a line in between.
  private int thought(List<Asked> parts) throws IOException, InterruptedException {
    String prompt = render(parts.getFirst().request().conversation());
    var text = new StringBuilder();
    int tokens = 0;
    String before = "";
    for (Asked part : parts) {
      String written = part.request().written().text();
      if (written.startsWith(before)) {
        text.append(written, before.length(), written.length());
      } else {
        // The last piece before the line was cut at the end of a sentence.
        text.append(
            written.substring(Math.max(0, written.lastIndexOf('\n', written.length() - 12))));
      }
      tokens += complete(prompt, text, part);
      before = written + part.text();
    }
    return tokens;
  }

  private String render(Conversation conversation) throws IOException, InterruptedException {
    List<Map<String, String>> messages = new ArrayList<>();
    if (conversation.system() != null) {
      messages.add(Map.of("role", "system", "content", conversation.system()));
    }
    messages.add(Map.of("role", "user", "content", conversation.user()));
    return json.readTree(post("/apply-template", Map.of("messages", messages)))
        .get("prompt")
        .asString();
  }

  private int complete(String prompt, StringBuilder text, Asked asked)
      throws IOException, InterruptedException {
    Sampling sampling = asked.request().sampling();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("prompt", prompt + text);
    body.put("stream", true);
    body.put("n_predict", asked.tokens());
    body.put("temperature", sampling.temperature());
    body.put("top_k", sampling.topK());
    body.put("top_p", sampling.topP());
    body.put("min_p", sampling.minP());
    body.put("repeat_penalty", sampling.repeatPenalty());
    body.put("presence_penalty", sampling.presencePenalty());
    body.put("seed", asked.request().seed());
    HttpResponse<Stream<String>> answer =
        sent(posting("/completion", body), BodyHandlers.ofLines());
    int tokens = 0;
    try (Stream<String> lines = answer.body()) {
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("data: ")) {
          JsonNode event = json.readTree(line.substring("data: ".length()));
          text.append(event.path("content").asString(""));
          tokens = event.path("tokens_predicted").asInt(tokens);
        }
      }
    }
    return tokens;
  }

  private HttpRequest posting(String path, Object body) {
    return HttpRequest.newBuilder(server.resolve(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
        .build();
  }

  /// The server closes a connection after each stream, which the next request may find out.
  private <T> HttpResponse<T> sent(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      return http.send(request, handler);
    }
  }

  private String post(String path, Object body) throws IOException, InterruptedException {
    return sent(posting(path, body), BodyHandlers.ofString()).body();
  }

  private String get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(server.resolve(path)).build();
    return sent(request, BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.close();
  }
}
