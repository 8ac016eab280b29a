/// What an attacker sends, for the tests of every package: words of one hash, texts that take over
/// a terminal or forge a line of the log.
@NullMarked
package dev.ponder.hostile;

import org.jspecify.annotations.NullMarked;
