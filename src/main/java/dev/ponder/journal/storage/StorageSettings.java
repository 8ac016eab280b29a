package dev.ponder.journal.storage;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much may be stored. Bytes of content count: texts, packed or not, and lines of journals;
/// what PostgreSQL adds to them does not. Of an H2 file all counts but the first 64 MB beyond them.
///
/// @param totalMax bytes of all jobs together; then old jobs are archived early, and if that does
///     not help, new ones are refused with 507
/// @param jobMax bytes of one job; then it thinks no further and comes to its answer
/// @param archiveFrom the part of `total-max` from which the sweep archives jobs that are over
///     without waiting for `ponder.archive.after`
/// @param measureEvery how old a measurement may be that a submission is decided by
@ConfigurationProperties("ponder.storage")
public record StorageSettings(
    @DefaultValue("20GB") DataSize totalMax,
    @DefaultValue("32MB") DataSize jobMax,
    @DefaultValue("0.9") double archiveFrom,
    @DefaultValue("30s") Duration measureEvery) {

  public StorageSettings {
    if (!(archiveFrom > 0 && archiveFrom <= 1)) {
      throw new IllegalArgumentException(
          "ponder.storage.archive-from is %s and has to be above 0 and at most 1, a part of ponder.storage.total-max"
              .formatted(archiveFrom));
    }
  }
}
