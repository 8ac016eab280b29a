package dev.ponder.cli.output;

/// Shows how a job gets on. Called from the thread that watches the job; `close` also from the one
/// that ends the process, after which nothing more may be shown.
public interface Progress extends AutoCloseable {

  /// Called several times a second, whether or not the job changed.
  void show(JobView job);

  /// A sentence for the person who watches.
  void note(String sentence);

  @Override
  void close();
}
