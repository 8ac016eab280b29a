package dev.ponder.model.store;

/// Hears how a pull goes on, on the thread that pulls.
public interface PullProgress {

  PullProgress NONE =
      new PullProgress() {
        @Override
        public void bytes(long have, long total) {}

        @Override
        public void note(String sentence) {}
      };

  /// @param have bytes that are here
  /// @param total bytes of the whole file, or -1 if nobody has said it
  void bytes(long have, long total);

  /// Something happened that a person may want to know: a retry, a new beginning.
  void note(String sentence);
}
