package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Capability;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.Kept.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thought whose llama-server is killed goes on from its snapshot.
@NeedsLlamaServer
@Timeout(180)
class LlamaServerSnapshotIT extends SavedThought {

  @Test
  void aThoughtIsTheSameWhetherItIsSavedOnTheWayOrNot() {
    Part saved = Kept.whole(engine, Written.NOTHING);

    assertThat(engine.capabilities().offer(Capability.KV_SNAPSHOT)).isTrue();
    assertThat(saved.text()).isEqualTo(whole.text());
    assertThat(saved.written().ids()).isEqualTo(whole.written().ids());
    assertThat(saved.end().reason()).isEqualTo(whole.end().reason());
    assertThat(saved.end().usage().prompt()).isEqualTo(whole.end().usage().prompt());
    assertThat(saved.end().usage().written()).isEqualTo(whole.end().usage().written());
    assertThat(Kept.files(folder, ".kv")).as("the latest replaces the ones before").hasSize(1);
    assertThat(slots).isEmptyDirectory();
  }

  @Test
  void theSameSeedStillGivesTheSameText() {
    var sampling = new Sampling(0.8, 0.95, 20, 0, 0, 1);

    Part once = Kept.read(engine, Kept.request(Written.NOTHING, sampling, "job/1"));
    Part again = Kept.read(engine, Kept.request(Written.NOTHING, sampling, "job/2"));

    assertThat(again.text()).isEqualTo(once.text());
  }

  @Test
  void aThoughtGoesOnFromItsSnapshotAfterItsServerWasKilled() {
    Part start = killedInTheMiddle();

    Part rest = goOn(start);

    // A piece can hold several tokens: those of the tag that ends the thought come together.
    int before = whole.end().usage().prompt() + start.written().ids().length;
    assertTheThoughtIsWhole(start, rest);
    assertThat(rest.end().usage().prompt()).isEqualTo(before);
    assertThat(rest.cached()).isGreaterThanOrEqualTo(whole.end().usage().prompt());
    assertThat(server.promptTokensEvaluated()).as("by the server's own count").isLessThan(before);
    assertThat(slots).isEmptyDirectory();
  }

  @Test
  void withoutASnapshotAllOfItIsEvaluatedAgain() {
    Part start = killedInTheMiddle();
    engine.forget("job/1");

    Part rest = goOn(start);

    // A piece can hold several tokens: those of the tag that ends the thought come together.
    int before = whole.end().usage().prompt() + start.written().ids().length;
    assertTheThoughtIsWhole(start, rest);
    assertThat(rest.cached()).isZero();
    assertThat(server.promptTokensEvaluated()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void whatIsForgottenIsDeleted() {
    Kept.whole(engine, Written.NOTHING);
    var second = Kept.request(Written.NOTHING, new Sampling(0, 1, 0, 0, 0, 1), "job/2");
    Kept.read(engine, second);
    int two = Kept.files(folder, ".kv").size();

    engine.forget("job/1");
    int one = Kept.files(folder, ".kv").size();
    engine.forget("job");

    assertThat(two).isEqualTo(2);
    assertThat(one).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
  }
}
