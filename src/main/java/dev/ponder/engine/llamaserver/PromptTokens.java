package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.Written;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// Prompts as the server makes them: its model's own template, its model's own tokens.
final class PromptTokens {
  /// As many as may run at the same time on a usual server, twice over.
  private static final int RENDERED_MAX = 16;

  private final Calls calls;
  private final LlamaServerSettings settings;
  private final Map<Conversation, String> rendered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Conversation, String> eldest) {
          return size() > RENDERED_MAX;
        }
      };

  PromptTokens(Calls calls, LlamaServerSettings settings) {
    this.calls = calls;
    this.settings = settings;
  }

  /// A conversation up to where the assistant begins. The same one is asked for again when branches
  /// share their trunk, and each time a thought goes on.
  String render(Conversation conversation, ServerProps props) {
    synchronized (rendered) {
      String known = rendered.get(conversation);
      if (known != null) {
        return known;
      }
    }
    String prompt = rendered(conversation, props);
    synchronized (rendered) {
      rendered.put(conversation, prompt);
    }
    return prompt;
  }

  /// Another server may have another template.
  void forget() {
    synchronized (rendered) {
      rendered.clear();
    }
  }

  private String rendered(Conversation conversation, ServerProps props) {
    byte[] answer =
        calls.post(
            "apply-template",
            settings.answerLimit(),
            json -> CompletionBody.messages(json, conversation, props));
    return readable(
        "apply-template", () -> Event.member(answer, "prompt", JsonParser::getString, ""));
  }

  /// @param prompt whether what the model wants before a prompt is put there
  int[] of(String text, boolean prompt) {
    byte[] answer =
        calls.post(
            "tokenize",
            settings.answerLimit(),
            json -> {
              json.writeStringProperty("content", text);
              json.writeBooleanProperty("add_special", prompt);
              json.writeBooleanProperty("parse_special", true);
            });
    return readable("tokenize", () -> Event.member(answer, "tokens", Event::ids, new int[0]));
  }

  /// A rendered prompt and what the assistant has written, by its ids where they are known: text
  /// tokenized again is not always the same tokens.
  int[] of(String prompt, Written written, ServerProps props) {
    int[] ids = props.tokenIds() ? written.ids() : new int[0];
    return ids.length == 0 ? of(prompt + written.text(), true) : joined(of(prompt, true), ids);
  }

  static int[] joined(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  <T> T readable(String path, Supplier<T> read) {
    try {
      return read.get();
    } catch (JacksonException e) {
      throw calls.unavailable("answered /" + path + " with something that is no JSON", e);
    }
  }
}
