/// HTTP that knows no domain: connections and how long each may wait, limits of bodies, problem
/// details, paging, the description of the API.
@ApplicationModule(allowedDependencies = {"audit", "json", "text"})
@NullMarked
package dev.ponder.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
