/// Model profiles as files: what they can state, how it is checked, and which option of an engine
/// carries it.
@NullMarked
package dev.ponder.model.profile;

import org.jspecify.annotations.NullMarked;
