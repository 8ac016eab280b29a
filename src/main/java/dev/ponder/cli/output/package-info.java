/// What a command says: to a person, as JSON, and by its exit code.
@NullMarked
package dev.ponder.cli.output;

import org.jspecify.annotations.NullMarked;
