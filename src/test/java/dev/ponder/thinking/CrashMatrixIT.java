package dev.ponder.thinking;

import dev.ponder.database.TestDatabase;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The owner dies at the first write it makes, then at the second, and so on until a run needs no
/// more of them.
@ParameterizedClass
@EnumSource(TestDatabase.class)
@Tag("slow")
class CrashMatrixIT extends CrashMatrixTests {

  @Override
  int after(int write) {
    return write + 1;
  }

  @AfterAll
  static void theMatrixIsDocumented() throws IOException {
    CrashMatrix.document(MATRICES);
  }
}
