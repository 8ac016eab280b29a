/// The connections to the database, and what each kind of it needs to keep Ponder's promises.
@ApplicationModule(allowedDependencies = {"files", "log", "time"})
@NullMarked
package dev.ponder.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
