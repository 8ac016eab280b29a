package dev.ponder.engine;

/// A tensor as the header of a GGUF file describes it; its numbers were checked.
///
/// @param type ggml's number for how its elements are stored
/// @param dimensions 1 to 4
/// @param row elements of its first dimension
/// @param bytes that its data takes
public record GgufTensor(String name, int type, int dimensions, long row, long bytes) {

  /// Whether it holds numbers of 32 bits, as norms and biases do.
  public boolean plain() {
    return type == 0;
  }

  /// Whether ggml can use it as a weight.
  public boolean weighs() {
    return GgufTypes.weighs(type);
  }
}
