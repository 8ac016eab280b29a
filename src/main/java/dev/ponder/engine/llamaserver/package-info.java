/// The client of llama-server's HTTP protocol, and what keeps a process alive that speaks it: a
/// llama-server of Ponder's own, or a seat, so that one client and one supervisor serve both.
@NamedInterface("llamaserver")
@NullMarked
package dev.ponder.engine.llamaserver;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
