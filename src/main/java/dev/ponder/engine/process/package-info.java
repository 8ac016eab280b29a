/// What all child processes of Ponder share.
@NamedInterface("process")
@NullMarked
package dev.ponder.engine.process;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
