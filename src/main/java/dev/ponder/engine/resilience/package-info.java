/// What tries again, waits and gives up between a thought and an engine.
@NamedInterface("resilience")
@NullMarked
package dev.ponder.engine.resilience;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
