/// The text of a model's turn: tags of thinking, control tokens, characters that come in halves.
@NamedInterface("text")
@NullMarked
package dev.ponder.engine.text;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
