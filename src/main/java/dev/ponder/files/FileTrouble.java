package dev.ponder.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Why a file could not be read or written, in words. The names of Java's exceptions are half of
/// their message.
public final class FileTrouble {

  private FileTrouble() {}

  public static String in(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e instanceof NoSuchFileException
        ? "it cannot be created"
        : e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
