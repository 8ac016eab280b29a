package dev.ponder.cli.output;

/// For `--json` commands that write one document at the end.
public final class NoProgress implements Progress {

  @Override
  public void show(JobView job) {}

  @Override
  public void note(String sentence) {}

  @Override
  public void close() {}
}
