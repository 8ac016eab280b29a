/// The state machine that a run stands in. Only this package knows Spring Statemachine.
@NullMarked
package dev.ponder.thinking.machine;

import org.jspecify.annotations.NullMarked;
