package dev.ponder.kill;

import org.junit.jupiter.api.Tag;

/// On the embedded model, in a seat.
@Tag("slow")
class KillIT extends ServiceKill {

  @Override
  String[] options() {
    return new String[] {"--pace", "20"};
  }

  @Override
  void quicken(PackagedService service) {
    service.options();
  }

  @Override
  String answer() {
    return "485";
  }
}
