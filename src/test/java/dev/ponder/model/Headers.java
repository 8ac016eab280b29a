package dev.ponder.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// GGUF files with the header of a large model and no weights.
final class Headers {

  private static final int UINT32 = 4;
  private static final int TEXT = 8;

  private Headers() {}

  static Path write(
      Path file, String family, int layers, int heads, int kvHeads, int head, int fileType)
      throws IOException {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("general.architecture", family);
    entries.put("general.file_type", fileType);
    entries.put(family + ".context_length", 40_960);
    entries.put(family + ".embedding_length", heads * head);
    entries.put(family + ".block_count", layers);
    entries.put(family + ".attention.head_count", heads);
    entries.put(family + ".attention.head_count_kv", kvHeads);
    entries.put(family + ".attention.key_length", head);
    entries.put(family + ".attention.value_length", head);
    entries.put("tokenizer.chat_template", "{{ messages }}<think>");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.write(number(3, 4));
    out.write(number(0, 8));
    out.write(number(entries.size(), 8));
    for (Map.Entry<String, Object> entry : entries.entrySet()) {
      out.write(text(entry.getKey()));
      if (entry.getValue() instanceof Integer whole) {
        out.write(number(UINT32, 4));
        out.write(number(whole, 4));
      } else {
        out.write(number(TEXT, 4));
        out.write(text(entry.getValue().toString()));
      }
    }
    out.write(new byte[64]);
    return Files.write(file, out.toByteArray());
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] number(long value, int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    byte[] all = buffer.array();
    return java.util.Arrays.copyOf(all, bytes);
  }
}
