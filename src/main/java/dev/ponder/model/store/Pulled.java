package dev.ponder.model.store;

import java.nio.file.Path;

/// A file that is in its place and was checked.
///
/// @param fetched bytes that this pull brought; 0 if the file was here already
/// @param resumed bytes that an earlier pull had left
public record Pulled(
    String model, Path file, long bytes, String sha256, long fetched, long resumed) {}
