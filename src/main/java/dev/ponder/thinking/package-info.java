/// Carries a job through its stages. Only [dev.ponder.thinking.machine.ThinkingMachine] knows
/// Spring Statemachine.
@ApplicationModule
@NullMarked
package dev.ponder.thinking;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
