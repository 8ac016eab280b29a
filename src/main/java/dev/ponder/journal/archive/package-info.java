/// What is kept of a job: its record, the originals of its thoughts, and the archive.
@NamedInterface("archive")
@NullMarked
package dev.ponder.journal.archive;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
