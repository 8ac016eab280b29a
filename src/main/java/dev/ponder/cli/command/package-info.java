/// What can be said to the command line, and what each command then does.
@NullMarked
package dev.ponder.cli.command;

import org.jspecify.annotations.NullMarked;
