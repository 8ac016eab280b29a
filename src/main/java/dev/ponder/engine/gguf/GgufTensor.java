package dev.ponder.engine.gguf;

/// A tensor as the header of a GGUF file describes it; its numbers were checked.
///
/// @param type ggml's number for how its elements are stored
/// @param bytes that its data takes
public record GgufTensor(String name, int type, long bytes) {

  /// Whether ggml can use it as a weight.
  public boolean weighs() {
    return GgufTypes.weighs(type);
  }
}
