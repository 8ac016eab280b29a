package dev.ponder.model.profile;

import org.jspecify.annotations.Nullable;

/// Where the file of a model comes from.
public sealed interface Source {

  /// The model that ships with Ponder.
  record Embedded() implements Source {}

  /// A file on this machine, used where it is.
  record LocalPath(String path) implements Source {}

  /// @param sha256 what its bytes have to hash to, if that is known
  record Web(String url, @Nullable String sha256) implements Source {}

  /// A file of a repository on Hugging Face or a mirror of it.
  ///
  /// @param repository `owner/name`
  /// @param revision a branch, tag or commit
  record HuggingFace(String repository, String file, String revision, @Nullable String sha256)
      implements Source {}

  /// Only servers that are attached hold it.
  record Nowhere() implements Source {}
}
