/// Who may read and write the files that Ponder makes, and which files of others it believes.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ponder.files;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
