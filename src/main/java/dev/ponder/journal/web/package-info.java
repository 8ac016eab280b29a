/// The read endpoints of thoughts, checkpoints and prompts.
@NullMarked
package dev.ponder.journal.web;

import org.jspecify.annotations.NullMarked;
