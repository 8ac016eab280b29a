package dev.ponder.cli;

/// For `--json` commands that write one document at the end.
final class NoProgress implements Progress {

  @Override
  public void show(JobView job) {}

  @Override
  public void note(String sentence) {}

  @Override
  public void close() {}
}
