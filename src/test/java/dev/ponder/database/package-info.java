/// Real databases for tests.
@org.jspecify.annotations.NullMarked
package dev.ponder.database;
