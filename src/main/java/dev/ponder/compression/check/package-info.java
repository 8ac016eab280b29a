/// The check of a summary against its original: facts, figures and names that it must keep.
@NamedInterface("check")
@NullMarked
package dev.ponder.compression.check;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
