/// How much is stored, and how much may be.
@NamedInterface("storage")
@NullMarked
package dev.ponder.journal.storage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
