package dev.ponder.engine.openai;

import dev.ponder.engine.Quote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a server says of a request it could not serve, in whatever form it says it: as the body of
/// an error, as that of an answer, or in the middle of a stream.
///
/// @param status that it has or names; 0 if it says none
/// @param words its codes and types, as they are written, in lower case
/// @param message for a person, fit to be quoted; may be empty
/// @param context tokens that the model holds, if the server says so
record ServerError(int status, List<String> words, String message, @Nullable Integer context) {

  /// What is to be done about it.
  enum Kind {
    /// The key is wrong or may not do this.
    KEY,
    /// The account has no more money, quota or credit.
    ACCOUNT,
    /// There is no such model.
    MODEL,
    /// There is no such address, or it is none of this protocol.
    ADDRESS,
    /// The text does not fit into the context.
    CONTEXT,
    /// The request is not one that the server serves.
    REQUEST,
    /// A filter holds the answer back.
    WITHHELD,
    /// There is too much to do now.
    BUSY,
    /// Something is broken there.
    BROKEN
  }

  private static final Set<String> KEYS =
      Set.of(
          "invalid_api_key",
          "incorrect_api_key",
          "missing_api_key",
          "no_api_key",
          "api_key_invalid",
          "authentication_error",
          "authenticationerror",
          "authentication_failed",
          "auth_error",
          "invalid_authentication",
          "invalid_authentication_error",
          "unauthorized",
          "unauthenticated",
          "permission_error",
          "permission_denied",
          "permissiondeniederror",
          "forbidden",
          "access_denied",
          "access_terminated",
          "token_expired");
  private static final Set<String> ACCOUNTS =
      Set.of(
          "insufficient_quota",
          "quota_exceeded",
          "exceeded_current_quota_error",
          "billing_error",
          "billing_not_active",
          "billing_hard_limit_reached",
          "insufficient_credits",
          "insufficient_balance",
          "insufficient_funds",
          "payment_required",
          "credit_limit_reached",
          "budget_exceeded",
          "usage_limit_reached",
          "spending_limit_exceeded",
          "account_deactivated",
          "account_suspended");
  private static final Set<String> MODELS =
      Set.of(
          "model_not_found",
          "model_not_found_error",
          "modelnotfound",
          "unknown_model",
          "invalid_model",
          "model_not_available",
          "model_decommissioned",
          "model_not_supported",
          "deploymentnotfound");
  private static final Set<String> CONTEXTS =
      Set.of(
          "context_length_exceeded",
          "exceed_context_size_error",
          "context_window_exceeded",
          "context_window_exceeded_error",
          "contextwindowexceedederror",
          "string_above_max_length",
          "request_too_large",
          "prompt_too_long",
          "max_tokens_exceeded");
  private static final Set<String> FILTERS =
      Set.of("content_filter", "content_policy_violation", "contentpolicyviolationerror");
  private static final Set<String> BUSIES =
      Set.of(
          "rate_limit_exceeded",
          "rate_limit_error",
          "rate_limit",
          "rate_limit_reached",
          "rate_limit_reached_error",
          "ratelimiterror",
          "too_many_requests",
          "toomanyrequests",
          "resource_exhausted",
          "overloaded",
          "overloaded_error",
          "engine_overloaded",
          "engine_overloaded_error",
          "model_overloaded",
          "capacity_exceeded",
          "queue_full",
          "tokens",
          "requests");
  private static final Set<String> BROKENS =
      Set.of(
          "server_error",
          "servererror",
          "internal_error",
          "internal_server_error",
          "internalservererror",
          "internal",
          "api_error",
          "apierror",
          "api_connection_error",
          "service_unavailable",
          "service_unavailable_error",
          "serviceunavailableerror",
          "unavailable",
          "unavailable_error",
          "timeout",
          "timeout_error",
          "timeouterror",
          "gateway_timeout",
          "bad_gateway",
          "upstream_error",
          "model_loading",
          "loading");
  private static final Set<String> REQUESTS =
      Set.of(
          "invalid_request_error",
          "invalid_request",
          "invalidrequesterror",
          "badrequesterror",
          "bad_request",
          "bad_request_error",
          "invalid_argument",
          "invalid_prompt",
          "invalid_value",
          "validation_error",
          "validationerror",
          "unsupported_parameter",
          "unsupported_value",
          "unprocessable_entity",
          "not_supported");

  /// A page in place of an answer is that of another server, or of a proxy that asks for a name.
  private static final String PAGE = "web_page";

  // A message is quoted, so it is short.
  private static final Pattern PASSES =
      Pattern.compile("\\b(?:retry|try again|per (?:minute|second|hour)|rate)\\b");
  private static final Pattern OF_ACCOUNT =
      Pattern.compile("\\b(?:quota|billing|credits?|insufficient balance|payment|budget)\\b");
  private static final Pattern OF_KEY =
      Pattern.compile("\\b(?:api[ _-]?key|unauthori[sz]ed|authentication)\\b");
  private static final Pattern OF_MODEL =
      Pattern.compile("\\bmodel\\b.*(?:not found|does not exist|not exist|unknown)");
  private static final Pattern OF_TROUBLE =
      Pattern.compile(
          "\\b50\\d\\b|bad gateway|unavailable|maintenance|overloaded|time-?d? ?out|try again|starting|loading");
  private static final Pattern OF_BUSY =
      Pattern.compile("rate.?limit|too many requests|overloaded|at capacity");

  /// What an error is in the body of an answer that has another status than 200.
  static ServerError of(int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    JsonNode json = ChatEvent.json(text);
    ServerError said = json == null ? ofText(text) : read(json);
    List<String> words = said.words().contains(PAGE) ? List.of() : said.words();
    return new ServerError(status, words, said.message(), said.context());
  }

  /// An error without any structure: a sentence, or a web page.
  static ServerError ofText(String text) {
    List<String> words = text.stripLeading().startsWith("<") ? List.of(PAGE) : List.of();
    return new ServerError(0, words, Quote.of(text), ContextLimit.in(text));
  }

  /// What an event says that is called an error.
  static ServerError ofEvent(String data) {
    JsonNode json = ChatEvent.json(data);
    return json == null ? ofText(data) : read(json);
  }

  /// The error in an event of a stream, if it is one.
  static @Nullable ServerError in(JsonNode event) {
    JsonNode error = event.path("error");
    boolean named =
        error.isObject() && !error.isEmpty()
            || error.isString() && !error.stringValue().isBlank()
            || event.path("object").asString("").equals("error")
            || event.path("type").asString("").equals("error");
    boolean answers = !event.path("choices").isMissingNode() || event.path("usage").isObject();
    return named || (!answers && event.isObject() && !message(event).isEmpty())
        ? read(event)
        : null;
  }

  private static ServerError read(JsonNode json) {
    JsonNode body = json.isArray() ? json.path(0) : json;
    JsonNode inner = body.path("error").isObject() ? body.path("error") : body;
    List<String> words = new ArrayList<>();
    int status = 0;
    for (String name : List.of("code", "type", "status", "error_code", "error_type")) {
      String word = inner.path(name).isValueNode() ? inner.path(name).asString("").strip() : "";
      if (word.matches("[1-5]\\d\\d")) {
        status = status == 0 ? Integer.parseInt(word) : status;
      } else if (!word.isEmpty()) {
        words.add(word.toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_'));
      }
    }
    String message = message(body);
    JsonNode slot = inner.path("n_ctx");
    Integer context = slot.isInt() && slot.intValue() > 0 ? (Integer) slot.intValue() : null;
    return new ServerError(
        status, words, Quote.of(message), context == null ? ContextLimit.in(message) : context);
  }

  /// `{"error": {"message"}}` as the protocol says, `{"error": "…"}`, `{"message"}` as older vLLM,
  /// or `{"detail"}` as the framework below some servers.
  private static String message(JsonNode body) {
    JsonNode error = body.path("error");
    List<JsonNode> sentences =
        List.of(
            error.path("message"),
            error,
            body.path("message"),
            body.path("detail"),
            body.path("error_description"),
            body.path("msg"),
            error.path("detail"),
            body);
    for (JsonNode place : sentences) {
      if (place.isString() && !place.stringValue().isBlank()) {
        return place.stringValue();
      }
    }
    for (JsonNode place : List.of(body.path("detail"), body.path("errors"), error)) {
      if (place.isContainer() && !place.isEmpty()) {
        return place.toString();
      }
    }
    return "";
  }

  /// What a word says goes before the status, which says less: a quota that is used up has the
  /// status of a server that is busy. A message is only looked at where nothing else says enough.
  Kind kind() {
    for (String word : words) {
      Kind kind = ofWord(word);
      if (kind != null && (kind != Kind.REQUEST || status < 500 && status != 429)) {
        return kind == Kind.BUSY || kind == Kind.REQUEST || kind == Kind.BROKEN
            ? ofMessage(kind)
            : kind;
      }
    }
    return ofMessage(ofStatus());
  }

  private @Nullable Kind ofWord(String word) {
    if (word.equals(PAGE)) {
      return OF_TROUBLE.matcher(message.toLowerCase(Locale.ROOT)).find()
          ? Kind.BROKEN
          : Kind.ADDRESS;
    }
    if (KEYS.contains(word)) {
      return Kind.KEY;
    }
    if (ACCOUNTS.contains(word)) {
      return Kind.ACCOUNT;
    }
    if (MODELS.contains(word)) {
      return Kind.MODEL;
    }
    if (CONTEXTS.contains(word)) {
      return Kind.CONTEXT;
    }
    if (FILTERS.contains(word)) {
      return Kind.WITHHELD;
    }
    if (BUSIES.contains(word)) {
      return Kind.BUSY;
    }
    return BROKENS.contains(word) ? Kind.BROKEN : REQUESTS.contains(word) ? Kind.REQUEST : null;
  }

  private Kind ofStatus() {
    return switch (status) {
      case 401, 403 -> Kind.KEY;
      case 402 -> Kind.ACCOUNT;
      case 404 -> Kind.MODEL;
      case 405, 501 -> Kind.ADDRESS;
      case 429 -> Kind.BUSY;
      case 408, 425 -> Kind.BROKEN;
      default ->
          status >= 400 && status < 500
              ? Kind.REQUEST
              : status >= 300 && status < 400 ? Kind.ADDRESS : Kind.BROKEN;
    };
  }

  private Kind ofMessage(Kind otherwise) {
    boolean clear = otherwise == Kind.KEY || otherwise == Kind.MODEL || otherwise == Kind.ADDRESS;
    if (clear || status >= 500) {
      return otherwise;
    }
    String said = message.toLowerCase(Locale.ROOT);
    if (ContextLimit.exceeded(said)) {
      return Kind.CONTEXT;
    }
    // Per minute or per day it is used up for a while only.
    if (OF_ACCOUNT.matcher(said).find() && !PASSES.matcher(said).find()) {
      return Kind.ACCOUNT;
    }
    if (otherwise != Kind.BROKEN) {
      return otherwise;
    }
    if (OF_KEY.matcher(said).find()) {
      return Kind.KEY;
    }
    if (OF_MODEL.matcher(said).find()) {
      return Kind.MODEL;
    }
    return OF_BUSY.matcher(said).find() ? Kind.BUSY : otherwise;
  }
}
