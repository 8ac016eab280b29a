/// The append-only journal of running thoughts, and the checkpoints that a job resumes from.
@ApplicationModule(
    allowedDependencies = {"database", "job", "memory", "stage", "text", "time", "web"})
@NullMarked
package dev.ponder.journal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
