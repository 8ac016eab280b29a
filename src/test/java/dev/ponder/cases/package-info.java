/// What real servers and real models send, each case as a model of one server, and the end that a
/// person expects of its job. The whole service runs, with its real engine and a real database.
@NullMarked
package dev.ponder.cases;

import org.jspecify.annotations.NullMarked;
