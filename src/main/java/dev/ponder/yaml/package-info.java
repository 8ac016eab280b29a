/// YAML files that people write, read strictly: a mistake names file, line, key, what was found and
/// what is accepted, and all mistakes of all files are told at once.
@ApplicationModule(allowedDependencies = {"text"})
@NullMarked
package dev.ponder.yaml;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
