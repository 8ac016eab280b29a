package dev.ponder.cli.command;

import com.sun.net.httpserver.HttpServer;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Goes through the motions of the client commands once, against a service that says always the
/// same. The script runs it when it makes the ahead-of-time cache of the command line.
@Command(name = "rehearse", hidden = true, description = "Train the ahead-of-time cache.")
final class RehearseCommand implements Callable<Integer> {

  private static final String JOB =
      """
      {"id":"1","status":"completed","stage":"final_output","model":"mini","pipeline":"mini",
       "seed":1,"createdAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:09Z",
       "deadline":"2026-01-01T00:30:00Z",
       "progress":{"percent":100,"tokens":10,"tokensPerSecond":40.0,"etaSeconds":0},
       "stages":[{"name":"deep_exploration","status":"completed","tokens":10,"budget":20,
         "branches":[{"number":1,"status":"completed","tokens":5,"tokensPerSecond":20.5},
                     {"number":2,"status":"running","tokens":5,"tokensPerSecond":20.5}]}],
       "answer":{"text":"13","confidence":0.9,"completeness":"full","restsOn":["agreement"]}}
      """;

  private static final String ITEMS = "{\"items\":[" + JOB + "],\"nextCursor\":null}";

  private final CliEnvironment surroundings;

  RehearseCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/",
        exchange -> {
          boolean one = exchange.getRequestURI().getPath().matches("/v1/jobs/1(/cancel|/resume)?");
          boolean submitted = exchange.getRequestMethod().equals("POST");
          byte[] body = (one || submitted ? JOB : ITEMS).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.getResponseHeaders().add("ETag", "\"1\"");
          exchange.sendResponseHeaders(submitted ? 202 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      for (String terminal : List.of("true", "false")) {
        rehearse(url, terminal);
      }
    } finally {
      server.stop(0);
    }
    return Exit.OK.code();
  }

  private void rehearse(String url, String terminal) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    CliEnvironment stage =
        new CliEnvironment(
            nowhere,
            nowhere,
            InputStream.nullInputStream(),
            Map.of("PONDER_SERVER", url),
            Map.of("dev.ponder.terminal", terminal),
            surroundings.time());
    for (String words :
        List.of(
            "jobs",
            "models",
            "pipelines",
            "version",
            "help",
            "help ask",
            "submit x",
            "ask x",
            "ask x --json",
            "show 1",
            "show 1 --thoughts",
            "watch 1",
            "resume 1",
            "cancel 1",
            "watch 1 --json",
            "jobs --json",
            "sumbit x")) {
      CommandLineEntry.commandLine(stage, new ServeCommand(stage)).execute(words.split(" "));
    }
  }
}
