package dev.ponder.engine.jllama;

import dev.ponder.engine.Written;
import java.io.IOException;

/// A process that has a seat and is killed by a test.
final class SeatParent {
  private SeatParent() {}

  public static void main(String[] args) throws IOException {
    JllamaEngine engine = new JllamaEngine(Mini.paced(5), SeatSettings.defaults());
    engine.open(Mini.apples(Written.NOTHING, 100)).next();
    System.out.println("seat=" + engine.seatPid().orElseThrow());
    System.in.read();
  }
}
