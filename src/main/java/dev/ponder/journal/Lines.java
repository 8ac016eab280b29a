package dev.ponder.journal;

import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// The lines of all journals, for those who read them.
public interface Lines extends Repository<JournalRow, JournalRow.Id> {

  String ENTRY =
      """
      select new dev.ponder.journal.JournalEntry(l.id.seq, l.at, l.epoch, l.kind,
        l.stage, l.visit, l.branch, l.tokens, l.again, l.note)
      from JournalRow l
      """;

  /// What happened to a job after the line `after`, oldest first.
  @Query(ENTRY + "where l.id.jobId = :job and l.id.seq > :after order by l.id.seq")
  List<JournalEntry> after(UUID job, long after, Limit limit);

  /// The lines of one kind, oldest first.
  @Query(ENTRY + "where l.id.jobId = :job and l.kind = :kind order by l.id.seq")
  List<JournalEntry> of(UUID job, JournalEntry.Kind kind, Limit limit);
}
