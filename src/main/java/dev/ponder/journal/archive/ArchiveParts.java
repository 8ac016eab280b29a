package dev.ponder.journal.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ponder.job.JobProblem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The rows of the archive: JSON, deflated in one stream, cut into pieces that a column of bytes
/// holds on every database.
final class ArchiveParts {

  static final int INDEX = 0;
  static final int TEXTS = 1;

  private static final int PART = 500_000;

  /// What every archive says again, so that the many small ones take half the bytes. It can never
  /// be changed: what was packed with it is read with it.
  static final byte[] DICTIONARY =
      """
      [{"whole":"</think>\\n\\nKnown: \\nAsked: \\nPlan: </think>\\n\\nAnswer: </think>\\n\\nCandidate: \
      </think>\\n\\nVerdict: correct\\nAnswer: \\nConfidence: 0.9","chunks":[]},{"whole":"\
      {"version":1,"journal":[{"seq":1,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"CLAIMED"},\
      {"seq":2,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"PAUSED","note":""},\
      {"seq":3,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"STAGE_ENTERED","stage":"initial_analysis","visit":1},\
      {"seq":4,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"PROMPT_MADE","stage":"initial_analysis","visit":1,"branch":1,"note":""},\
      {"seq":5,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"THOUGHT_RESUMED","stage":"deep_exploration","visit":1,"branch":3,"tokens":64,"again":64,"note":"text"},\
      {"seq":6,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"THOUGHT_FINISHED","stage":"synthesis","visit":1,"branch":1,"tokens":70},\
      {"seq":7,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"THOUGHT_FINISHED","stage":"verification","visit":1,"branch":1,"tokens":70},\
      {"seq":8,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"STAGE_ENTERED","stage":"final_output","visit":1},\
      {"seq":9,"at":"2026-11-25T10:00:00.000000Z","epoch":1,"kind":"ANSWERED"}],\
      "thoughts":[{"stage":"deep_exploration","visit":1,"branch":1,"seed":1,"budget":512,\
      "startedAt":"2026-11-25T10:00:00.000000Z","finishedAt":"2026-11-25T10:00:00.000000Z","tokens":70,\
      "thinkingTokens":60,"closedBy":"MODEL","decodeMillis":60,"conclusion":"Answer: ","summary":"Key: ",\
      "summaryTokens":20,"swept":"COMPRESSED","sweepNote":"no summary passed the check: missing: ",\
      "sha256":"","chunks":[]},{"stage":"deep_exploration","visit":1,"branch":2,"seed":
      """
          .getBytes(StandardCharsets.UTF_8);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private final JdbcTemplate jdbc;

  ArchiveParts(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /// Writes a section. Answers its bytes.
  long write(UUID job, int section, Object content) {
    byte[] packed = packed(content);
    for (int part = 0; part * PART < packed.length; part++) {
      byte[] piece =
          Arrays.copyOfRange(packed, part * PART, Math.min(packed.length, (part + 1) * PART));
      jdbc.update(
          "insert into archive_part (job_id, section, part, packed, sha256) values (?, ?, ?, ?, ?)",
          job,
          section,
          part,
          piece,
          Original.hash(piece));
    }
    return packed.length;
  }

  /// Reads a section, null if there is none.
  ///
  /// @throws JobProblem.Damaged if it is not what was written
  <T> T read(UUID job, int section, TypeReference<T> type) {
    List<byte[]> parts =
        jdbc.query(
            "select part, packed, sha256 from archive_part where job_id = ? and section = ? order by part",
            (row, n) ->
                verified(job, row.getInt("part"), row.getBytes("packed"), row.getBytes("sha256")),
            job,
            section);
    if (parts.isEmpty()) {
      return null;
    }
    var packed = new ByteArrayOutputStream();
    parts.forEach(packed::writeBytes);
    var inflater = new Inflater(true);
    inflater.setDictionary(DICTIONARY);
    try (InputStream json =
        new InflaterInputStream(new ByteArrayInputStream(packed.toByteArray()), inflater)) {
      return JSON.readValue(json, type);
    } catch (IOException | JacksonException e) {
      throw new JobProblem.Damaged(
          job, "archive", "Its parts are as they were put away, and cannot be read together");
    } finally {
      inflater.end();
    }
  }

  /// Removes what there is. Answers its bytes.
  long remove(UUID job) {
    Long bytes =
        jdbc.queryForObject(
            "select sum(octet_length(packed)) from archive_part where job_id = ?", Long.class, job);
    jdbc.update("delete from archive_part where job_id = ?", job);
    return bytes == null ? 0 : bytes;
  }

  private static byte[] verified(UUID job, int part, byte[] piece, byte[] sha256) {
    byte[] found = Original.hash(piece);
    if (!Arrays.equals(found, sha256)) {
      throw new JobProblem.Damaged(
          job,
          "archive",
          "Its part %d was put away with SHA-256 %s, and the database holds SHA-256 %s"
              .formatted(part, Original.hex(sha256), Original.hex(found)));
    }
    return piece;
  }

  private static byte[] packed(Object content) {
    var bytes = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setDictionary(DICTIONARY);
    try (var packing = new DeflaterOutputStream(bytes, deflater)) {
      JSON.writeValue(packing, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }
}
