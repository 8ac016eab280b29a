/// HTTP to model servers: addresses, keys, event streams, and the limit of each body.
@NamedInterface("http")
@NullMarked
package dev.ponder.engine.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
