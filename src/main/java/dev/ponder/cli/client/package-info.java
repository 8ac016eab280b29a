/// Finds a service, or starts one, and speaks its HTTP API. Knows no command.
@NullMarked
package dev.ponder.cli.client;

import org.jspecify.annotations.NullMarked;
