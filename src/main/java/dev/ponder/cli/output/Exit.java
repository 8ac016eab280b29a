package dev.ponder.cli.output;

/// How a command can end. The numbers are part of the command line's contract.
public enum Exit {
  OK(0, "answered, or done"),
  UNEXPECTED(1, "unexpected error"),
  USAGE(2, "usage"),
  NO_SERVICE(3, "service not reachable, or it did not start"),
  REFUSED(4, "refused by the service"),
  UNKNOWN_JOB(5, "unknown job"),
  FAILED(6, "job failed"),
  CANCELLED(7, "job cancelled"),
  PAUSED(8, "job paused"),
  PARTIAL(9, "answered, but only partially"),
  NOT_PULLED(10, "the model's file could not be got"),
  WRONG_FILE(11, "the file is not the one that was asked for"),
  NO_ANSWER(12, "the job came to no answer"),
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  Exit(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  /// The words at the end of every error message, for instance `(exit 2: usage)`.
  public String inWords() {
    return "(exit " + code + ": " + meaning + ")";
  }

  public String meaning() {
    return meaning;
  }
}
