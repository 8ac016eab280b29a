package dev.ponder.simulation;

import java.util.function.UnaryOperator;

/// A rule taken out of the statements, to see that the invariants notice.
enum Mutation implements UnaryOperator<String> {
  /// A write no longer looks whether a newer owner exists.
  EPOCH_IS_NOT_CHECKED("and epoch = ?", "and cast(? as bigint) is not null"),

  /// A claim leaves the epoch of the owner before.
  CLAIM_DOES_NOT_RAISE_THE_EPOCH("set epoch = epoch + 1,", "set"),

  /// A write looks at the epoch, but does not hold it until its commit.
  JOB_IS_NOT_LOCKED(
      "epoch = ? and status = 'RUNNING' for update", "epoch = ? and status = 'RUNNING'"),

  /// A write that is repeated because its answer was lost is no longer found to be there.
  CHUNK_MAY_BE_DOUBLED("primary key (thought_id, from_token)", "check (from_token >= 0)"),

  /// A finished thought keeps its chunks.
  CHUNKS_ARE_NOT_REMOVED(
      "delete from chunk where thought_id = ?", "delete from chunk where thought_id = -?"),

  /// A dead owner's jobs are never taken up.
  DEAD_OWNERS_ARE_NOT_NOTICED("or (status = 'RUNNING' and", "or (status = 'NOBODY' and");

  private final String rule;
  private final String instead;

  Mutation(String rule, String instead) {
    this.rule = rule;
    this.instead = instead;
  }

  @Override
  public String apply(String sql) {
    return sql.replace(rule, instead);
  }
}
