/// The comparison and the count of the answers of branches.
@NullMarked
package dev.ponder.thinking.adjudication;

import org.jspecify.annotations.NullMarked;
