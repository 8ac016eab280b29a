package dev.ponder.simulation;

/// The tables that a transaction has written to.
final class WrittenTables {
  boolean job;
  boolean thought;
  boolean chunk;
  boolean journal;
  boolean archive;

  boolean isEmpty() {
    return !(job || thought || chunk || journal);
  }

  /// Whether something may have been moved that was kept.
  boolean isKept() {
    return thought || archive;
  }

  void note(String sql) {
    String begin = sql.strip();
    if (begin.startsWith("select")) {
      return;
    }
    job |=
        begin.startsWith("update job")
            || begin.startsWith("insert into job ")
            || begin.startsWith("delete from job");
    thought |= begin.contains("thought ") && !begin.startsWith("insert into chunk");
    chunk |= begin.contains("chunk");
    journal |= begin.contains("into journal");
    archive |= begin.contains("archive_part");
  }
}
