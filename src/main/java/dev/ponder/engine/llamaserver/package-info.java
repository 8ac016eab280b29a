/// The client of llama-server's HTTP protocol. A seat speaks the same protocol, so this one client
/// serves both.
@NamedInterface("llamaserver")
@NullMarked
package dev.ponder.engine.llamaserver;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
