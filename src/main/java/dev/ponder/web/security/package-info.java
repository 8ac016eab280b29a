/// Who may use the service: the keys there are, where they are kept, and those who try others.
@NamedInterface("security")
@NullMarked
package dev.ponder.web.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
