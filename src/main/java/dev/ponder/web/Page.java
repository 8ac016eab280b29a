package dev.ponder.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a list.
///
/// @param nextCursor where the next page begins, or null on the last one
public record Page<T>(List<T> items, @Nullable String nextCursor) {}
