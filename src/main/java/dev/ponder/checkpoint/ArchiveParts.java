package dev.ponder.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ponder.job.JobProblem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
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
          Original.sha256(piece));
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
                verified(job, row.getInt("part"), row.getBytes("packed"), row.getString("sha256")),
            job,
            section);
    if (parts.isEmpty()) {
      return null;
    }
    var packed = new ByteArrayOutputStream();
    parts.forEach(packed::writeBytes);
    try (InputStream json =
        new InflaterInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      return JSON.readValue(json, type);
    } catch (IOException | JacksonException e) {
      throw new JobProblem.Damaged(
          job, "archive", "It cannot be read: " + e.getMessage().lines().findFirst().orElse(""));
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

  private static byte[] verified(UUID job, int part, byte[] piece, String sha256) {
    String found = Original.sha256(piece);
    if (!found.equals(sha256)) {
      throw new JobProblem.Damaged(
          job,
          "archive",
          "Its part %d was put away with SHA-256 %s, and the database holds SHA-256 %s"
              .formatted(part, sha256, found));
    }
    return piece;
  }

  private static byte[] packed(Object content) {
    var bytes = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.BEST_COMPRESSION);
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
