package dev.ponder.model.profile;

import dev.ponder.engine.http.ServerAddress;
import dev.ponder.yaml.Section;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads where the file of a model comes from.
final class SourceReader {

  static final Set<String> KEYS =
      ProfileReader.names("embedded", "path", "url", "huggingFace", "file", "revision", "sha256");

  private static final Set<String> PLACES =
      ProfileReader.names("embedded", "path", "url", "huggingFace");

  private SourceReader() {}

  static @Nullable Source read(Section root) {
    if (!root.has("source")) {
      return null;
    }
    Section section = root.section("source", "key", KEYS);
    if (section == null) {
      return null;
    }
    long places = PLACES.stream().filter(section::has).count();
    if (places != 1) {
      root.mistake("source", places + " places", "one of " + Section.list(PLACES));
      return null;
    }
    if (section.has("embedded")) {
      section.flag("embedded");
      return new Source.Embedded();
    }
    if (section.has("path")) {
      String path = section.line("path", 1000);
      return path == null ? null : new Source.LocalPath(path);
    }
    String sha256 = section.has("sha256") ? sha256(section) : null;
    return section.has("url") ? web(section, sha256) : huggingFace(section, sha256);
  }

  private static @Nullable Source web(Section section, @Nullable String sha256) {
    String url = section.line("url", 2000);
    if (url != null && !isHttp(url)) {
      section.mistake(
          "url",
          "'" + ServerAddress.shown(url) + "'",
          "an address that begins with http:// or https://");
      return null;
    }
    return url == null ? null : new Source.Web(url, sha256);
  }

  private static boolean isHttp(String url) {
    try {
      URI uri = URI.create(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable Source huggingFace(Section section, @Nullable String sha256) {
    String repository =
        matching(
            section, "huggingFace", "[\\w.-]+/[\\w.-]+", "a repository such as Qwen/Qwen3-8B-GGUF");
    String file =
        matching(section, "file", "[\\w.-]+(/[\\w.-]+)*\\.gguf", "a path that ends in .gguf");
    String revision =
        section.has("revision")
            ? matching(section, "revision", "[\\w.-]+", "a branch, tag or commit")
            : "main";
    return repository == null || file == null || revision == null || file.contains("..")
        ? null
        : new Source.HuggingFace(repository, file, revision, sha256);
  }

  private static @Nullable String sha256(Section section) {
    return matching(section, "sha256", "[0-9a-f]{64}", "64 hexadecimal digits in lower case");
  }

  private static @Nullable String matching(
      Section section, String key, String pattern, String accepted) {
    String text = section.line(key, 200);
    if (text != null && !text.matches(pattern)) {
      section.mistake(key, "'" + text + "'", accepted);
      return null;
    }
    return text;
  }
}
