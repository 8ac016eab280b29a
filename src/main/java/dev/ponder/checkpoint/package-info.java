/// The append-only journal of running thoughts, and the checkpoints a job resumes from.
@ApplicationModule(
    allowedDependencies = {"job", "job :: web", "stage", "memory", "budget", "database", "time"})
@NullMarked
package dev.ponder.checkpoint;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
