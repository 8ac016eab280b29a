package dev.ponder.memory;

import java.util.List;

/// What became of an attempt to compress a text.
public sealed interface Compression {

  /// The summary passed the check.
  ///
  /// @param insights what takes the text's place in prompts
  /// @param tokensBefore of the text, with its conclusion
  /// @param tokensAfter of the insights
  /// @param attempts 1, or 2 if the first summary was rejected
  record Accepted(String insights, int tokensBefore, int tokensAfter, int attempts)
      implements Compression {

    /// The part that is left, from 0 to 1.
    public double ratio() {
      return tokensBefore == 0 ? 1 : (double) tokensAfter / tokensBefore;
    }
  }

  /// No summary passed the check: the original stays.
  ///
  /// @param objections what the last summary lacked or made up, a line each
  record Rejected(List<String> objections, int tokensBefore, int attempts) implements Compression {
    public Rejected {
      objections = List.copyOf(objections);
    }
  }

  /// There was nothing to do: the original stays.
  record Unneeded(String because) implements Compression {}

  /// The engine cannot do it now; the same request may work later.
  record Postponed(String because) implements Compression {}
}
