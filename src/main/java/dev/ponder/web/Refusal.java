package dev.ponder.web;

/// A request cannot be answered as asked, and the problem to tell is known where it is found.
public class Refusal extends RuntimeException {

  private final transient Problem problem;

  public Refusal(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
