/// What can be said to the command line, and what each command then does. Only the start of the
/// process uses it.
@NamedInterface("command")
@NullMarked
package dev.ponder.cli.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
