/// Comparison of two answers as a person would compare them, by rules alone: what an answer denotes
/// counts, not how it is written. Pure Java: it knows no model, no pipeline and no Spring.
@NamedInterface("comparison")
@NullMarked
package dev.ponder.stage.comparison;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
