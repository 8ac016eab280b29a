/// The append-only journal of running thoughts, the checkpoints that a job resumes from, and what
/// is kept of jobs that are over.
@ApplicationModule(
    allowedDependencies = {"database", "job", "memory", "stage", "text", "time", "web"})
@NullMarked
package dev.ponder.journal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
