/// jllama behind the engine port: a seat, which is a child JVM that holds one loaded model, and its
/// supervisor, which starts, watches, ends and restarts it.
@NamedInterface("jllama")
@NullMarked
package dev.ponder.engine.jllama;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
