/// A fuzzer that knows of the service only what the service says of itself: it reads the served
/// OpenAPI description, sends requests that follow or break it, and checks every answer against it.
@NullMarked
package dev.ponder.fuzz;

import org.jspecify.annotations.NullMarked;
