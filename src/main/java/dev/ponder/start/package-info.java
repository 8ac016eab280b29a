/// What checks and starts a process: its settings, its data folder, what keeps it from starting,
/// and the file that says where it answers.
@ApplicationModule(allowedDependencies = {"engine :: http", "files", "model", "text", "web"})
@NullMarked
package dev.ponder.start;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
