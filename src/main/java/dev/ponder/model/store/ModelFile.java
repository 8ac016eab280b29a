package dev.ponder.model.store;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.jllama.seat.Architectures;
import dev.ponder.model.profile.Profile;
import java.nio.file.Path;
import java.util.Optional;

/// Compares the header of a file with its profile, without loading it.
public final class ModelFile {

  private ModelFile() {}

  /// @throws EngineException.Unusable if the file is damaged or another one than the profile wants
  public static GgufHeader check(Path file, Profile profile) {
    GgufHeader header = GgufHeader.read(file);
    String wanted = profile.architecture();
    if (wanted != null && !wanted.equals(header.architecture())) {
      throw unusable(
          header,
          "has the architecture '%s' and the profile %s wants '%s'. Get the file of %s, or write a profile of its own for this one"
              .formatted(header.architecture(), profile.name(), wanted, profile.name()));
    }
    if (profile.engine().equals("jllama") && !Architectures.loads(header.architecture())) {
      throw unusable(
          header,
          "has the architecture '%s', which jllama cannot load. Set engine: llama-server in the profile %s"
              .formatted(header.architecture(), profile.name()));
    }
    checkQuantization(header, profile);
    int trained = header.contextTokens();
    int stated = profile.whole("contextNative").orElse(0);
    if (trained > 0 && trained < stated) {
      throw unusable(
          header,
          "was trained for %,d tokens of context and the profile %s counts on %,d (contextNative). It is another version of the model"
              .formatted(trained, profile.name(), stated));
    }
    if (header.chatTemplate().isEmpty()) {
      throw unusable(
          header,
          "holds no chat template, so it is a base model that cannot be asked anything. Get the instruct or thinking version");
    }
    return header;
  }

  private static void checkQuantization(GgufHeader header, Profile profile) {
    Optional<String> found = header.quantization();
    String wanted = profile.text("quantization");
    if (wanted != null && found.isPresent() && !wanted.equals(found.get())) {
      throw unusable(
          header,
          "is stored as %s and the profile %s wants %s. Get that file, or change quantization in the profile"
              .formatted(found.get(), profile.name(), wanted));
    }
  }

  private static EngineException.Unusable unusable(GgufHeader header, String what) {
    return new EngineException.Unusable(
        "The model file %s %s.".formatted(header.file(), what), null);
  }
}
