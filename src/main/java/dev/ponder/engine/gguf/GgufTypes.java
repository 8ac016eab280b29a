package dev.ponder.engine.gguf;

/// How ggml stores the elements of a tensor: blocks of so many elements in so many bytes. A type
/// that is missing here cannot be measured, so a file with it is refused.
final class GgufTypes {

  /// A row holds whole blocks.
  ///
  /// @param elements of one block
  /// @param bytes of one block
  record Block(int elements, int bytes) {}

  private static final Block ONE_BYTE = new Block(1, 1);
  private static final Block TWO_BYTES = new Block(1, 2);
  private static final Block FOUR_BYTES = new Block(1, 4);
  private static final Block EIGHT_BYTES = new Block(1, 8);

  private GgufTypes() {}

  /// @throws GgufReader.Damaged if there is no such type
  static Block block(int type) {
    return switch (type) {
      case 0, 26 -> FOUR_BYTES;
      case 1, 25, 30 -> TWO_BYTES;
      case 24 -> ONE_BYTE;
      case 27, 28 -> EIGHT_BYTES;
      case 2, 20 -> new Block(32, 18);
      case 3 -> new Block(32, 20);
      case 6 -> new Block(32, 22);
      case 7 -> new Block(32, 24);
      case 8 -> new Block(32, 34);
      case 9 -> new Block(32, 36);
      case 10 -> new Block(256, 84);
      case 11, 21 -> new Block(256, 110);
      case 12 -> new Block(256, 144);
      case 13 -> new Block(256, 176);
      case 14 -> new Block(256, 210);
      case 15 -> new Block(256, 292);
      case 16, 35 -> new Block(256, 66);
      case 17 -> new Block(256, 74);
      case 18 -> new Block(256, 98);
      case 19 -> new Block(256, 50);
      case 22 -> new Block(256, 82);
      case 23 -> new Block(256, 136);
      case 29 -> new Block(256, 56);
      case 34 -> new Block(256, 54);
      case 39 -> new Block(32, 17);
      case 40 -> new Block(64, 36);
      case 41 -> new Block(128, 18);
      case 42 -> new Block(64, 18);
      default ->
          throw new GgufReader.Damaged(
              "a tensor has the type %d, which this version of Ponder cannot measure"
                  .formatted(Integer.toUnsignedLong(type)));
    };
  }

  /// Whether ggml can multiply by a matrix of this type. Whole numbers, 64-bit numbers and the two
  /// types for values in between have no such operation, and asking for it ends the process.
  static boolean weighs(int type) {
    return switch (type) {
      case 9, 15, 24, 25, 26, 27, 28 -> false;
      default -> true;
    };
  }
}
