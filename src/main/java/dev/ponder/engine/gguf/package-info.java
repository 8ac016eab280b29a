/// The header of a GGUF file, read and checked before a native library sees the file.
@NamedInterface("gguf")
@NullMarked
package dev.ponder.engine.gguf;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
