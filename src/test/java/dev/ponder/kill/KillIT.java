package dev.ponder.kill;

/// On the embedded model, in a seat.
class KillIT extends ServiceKill {

  @Override
  String[] options() {
    return new String[] {"--pace", "20"};
  }

  @Override
  String answer() {
    return "485";
  }
}
