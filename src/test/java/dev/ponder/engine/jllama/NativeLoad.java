package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.jllama.seat.Architectures;
import dev.ponder.engine.jllama.seat.CompletionRequest;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.jllama.seat.SeatModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/// A process that loads one file after the other as a seat does, has a few tokens written, and says
/// how it went. Files come on standard input; when one ends the process, that was it.
final class NativeLoad {

  static final String OUTCOME = "outcome: ";

  private static final int TOKENS = 4;

  private static final CompletionRequest REQUEST =
      CompletionRequest.parse(
          JsonMapper.shared().createParser("{\"prompt\":\"a\",\"seed\":1}"), 256, 1);

  private NativeLoad() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String file;
    while ((file = in.readLine()) != null) {
      out.println(OUTCOME + outcome(Path.of(file)));
      out.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private static String outcome(Path file) {
    try {
      GgufHeader header = GgufHeader.read(file);
      Architectures.check(header);
      SeatModel model = SeatModel.load(new JllamaModel("mutant", file, 64, 1, 1, 0), file, header);
      try {
        int[] ids = model.encode("Why?");
        SeatModel.Reading reading = model.generate(0, ids, REQUEST, TOKENS);
        int pieces = 0;
        while (reading.hasNext()) {
          reading.next();
          pieces++;
        }
        reading.close();
        return "wrote " + pieces;
      } finally {
        model.close();
      }
    } catch (EngineException.Unusable e) {
      return "refused " + e.getMessage();
    } catch (RuntimeException e) {
      return "failed " + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }
}
