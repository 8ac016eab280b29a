/// What stands between the network and the controllers, whatever they are about: who may hold a
/// connection, and for how long.
@ApplicationModule(allowedDependencies = {"audit", "json", "text"})
@NullMarked
package dev.ponder.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
