/// The writing of one thought, from the prompt to its last token.
@NullMarked
package dev.ponder.thinking.thought;

import org.jspecify.annotations.NullMarked;
