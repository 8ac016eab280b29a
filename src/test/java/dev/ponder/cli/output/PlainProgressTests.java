package dev.ponder.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlainProgressTests {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final StringWriter out = new StringWriter();
  private final PlainProgress progress = new PlainProgress(new PrintWriter(out), () -> now);

  @Test
  void tellsOfEveryRunningBranchEachFiveSeconds() {
    progress.show(exploring(5, 7));
    now = now.plusSeconds(4);
    progress.show(exploring(100, 120));
    now = now.plusSeconds(1);
    progress.show(exploring(125, 150));

    assertThat(out.toString().lines())
        .containsExactly(
            "Job j1 is running.",
            "deep exploration began, 10:00 left.",
            "deep exploration, branch 1: 125 of 500 tokens, 25.0 tokens/s, 9:55 left.",
            "deep exploration, branch 2: 150 of 500 tokens, 30.0 tokens/s, 9:55 left.");
  }

  @Test
  void saysNothingTwiceWhenNothingIsWritten() {
    progress.show(exploring(5, 7));
    now = now.plusSeconds(60);
    progress.show(exploring(5, 7));

    assertThat(out.toString().lines()).hasSize(2);
  }

  @Test
  void tellsOfAVerificationThatIsDoneAgain() {
    String first = "{'number':1,'status':'completed','tokens':20}";
    progress.show(verifying("running", "{'number':1,'status':'running','tokens':5}"));
    progress.show(verifying("completed", first));
    String second = "{'number':2,'status':'%s','tokens':7,'withOriginals':true}";
    progress.show(verifying("running", first + "," + second.formatted("running")));
    progress.show(verifying("completed", first + "," + second.formatted("completed")));

    assertThat(out.toString().lines())
        .containsExactly(
            "Job j1 is running.",
            "verification began.",
            "verification finished: 20 tokens.",
            "verification began.",
            "verification, with originals finished: 7 tokens.",
            "verification finished: 20 tokens.");
  }

  @Test
  void tellsOfAWaitOnceAndOfItsEnd() {
    progress.show(waiting("'no connection, nothing seems to listen there.'"));
    progress.show(waiting("'status 503 (Loading model).'"));
    progress.show(waiting(null));

    assertThat(out.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("Job j1 is running."),
            line ->
                assertThat(line)
                    .matches(
                        "Job j1 waits for the engine of mini since \\d\\d:00:07: no connection, nothing seems to listen there\\. It goes on by itself; 9:00 left\\."),
            line -> assertThat(line).isEqualTo("Job j1 goes on."));
  }

  private static JobView waiting(@Nullable String reason) {
    String waiting =
        reason == null
            ? "null"
            : "{'what':'engine','model':'mini','reason':%s,'since':'2026-01-01T00:00:07Z'}"
                .formatted(reason);
    var json =
        Json.read(
            "{'id':'j1','status':'running','deadline':'2026-01-01T00:09:00Z','waitingFor':%s}"
                .formatted(waiting)
                .replace('\'', '"'));
    assertThat(json).isNotNull();
    return new JobView(json);
  }

  private static JobView verifying(String status, String branches) {
    var json =
        Json.read(
            """
            {'id':'j1','status':'running','progress':{'tokens':20},
             'stages':[{'name':'verification','status':'%s','tokens':20,'budget':50,'branches':[%s]}]}
            """
                .formatted(status, branches)
                .replace('\'', '"'));
    assertThat(json).isNotNull();
    return new JobView(json);
  }

  private static JobView exploring(int first, int second) {
    var json =
        Json.read(
            """
            {"id":"j1","status":"running","deadline":"2026-01-01T00:10:00Z",
             "progress":{"tokens":%d},
             "stages":[{"name":"deep_exploration","status":"running","budget":500,"branches":[
               {"number":1,"status":"running","tokens":%d,"tokensPerSecond":25.0},
               {"number":2,"status":"running","tokens":%d,"tokensPerSecond":30.0}]}]}
            """
                .formatted(first + second, first, second));
    assertThat(json).isNotNull();
    return new JobView(json);
  }
}
