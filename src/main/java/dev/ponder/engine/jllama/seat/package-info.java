/// The child program that holds one loaded model and speaks frames over its pipes.
@NamedInterface("seat")
@NullMarked
package dev.ponder.engine.jllama.seat;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
