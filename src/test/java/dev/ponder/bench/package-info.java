/// Measurements of the service against its aims, run by `bench/run`. None of them is a test.
@NullMarked
package dev.ponder.bench;

import org.jspecify.annotations.NullMarked;
