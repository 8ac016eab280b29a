package dev.ponder.thinking;

import dev.ponder.engine.Engine;
import dev.ponder.job.Job;
import dev.ponder.job.LeaseLost;
import dev.ponder.journal.History;
import dev.ponder.journal.JobJournal;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.model.Models;
import dev.ponder.routing.ModelRoute;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.thinking.adjudication.Adjudication;
import dev.ponder.thinking.adjudication.Judgements;
import dev.ponder.thinking.thought.LiveJob;
import dev.ponder.time.WorkScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What one run of a job works with. The thoughts grow as stages end; only the run's own thread
/// changes it, between stages.
public final class RunContext {

  private final Job job;
  private final Pipeline pipeline;
  private final Models models;
  private final ModelRoute lineup;
  private final JobJournal journal;
  private final LiveJob live;
  private volatile History history;
  private final WorkScope scope;
  private final Judgements judgements;
  private final List<Thought> thoughts;
  private volatile int visit;
  private boolean judgingFailed;
  private volatile @Nullable String sentBack;

  /// @param margin kept free before the deadline
  RunContext(
      Job job,
      Pipeline pipeline,
      Models models,
      JobJournal journal,
      LiveJob live,
      History history,
      Duration margin) {
    this.job = job;
    this.pipeline = pipeline;
    this.models = models;
    this.lineup = new ModelRoute(models, job.model());
    this.journal = journal;
    this.live = live;
    this.history = history;
    this.judgements = new Judgements(history.judgements());
    this.scope = live.scope().until(job.deadline().before(margin).at());
    // Work that nobody waits for any more may still read them.
    this.thoughts = new CopyOnWriteArrayList<>(history.finished());
    this.visit = job.visit();
    this.sentBack = history.sentBack();
  }

  /// Takes over what has become durable of the job since it was read.
  ///
  /// @throws LeaseLost if nothing is there any more: somebody has deleted the job on another node
  void recall(History fresh) {
    if (fresh.lastSeq() == 0) {
      throw new LeaseLost(live.lease());
    }
    history = fresh;
    add(fresh.finished());
  }

  void add(List<Thought> more) {
    more.stream().filter(t -> finished(t.key()).isEmpty()).forEach(thoughts::add);
  }

  /// Verification sent the job back to exploration.
  void exploreAgain(String because) {
    visit = visit + 1;
    sentBack = because;
  }

  Optional<Thought> finished(ThoughtKey key) {
    return thoughts.stream().filter(thought -> thought.key().equals(key)).findFirst();
  }

  Optional<History.Interrupted> interrupted(ThoughtKey key) {
    return Optional.ofNullable(history.running().get(key));
  }

  /// The analysis is made once, whatever happens later.
  int visitOf(Stage stage) {
    return stage == Stage.INITIAL_ANALYSIS ? 1 : visit;
  }

  /// What the thoughts come to, with some that only just came.
  Adjudication adjudication(List<Thought> more) {
    var all = new ArrayList<>(thoughts);
    all.addAll(more);
    return new Adjudication(pipeline, all, visit, judgements);
  }

  /// Whether a model may be asked to judge: not again after its engine could not.
  public boolean maySpendOnJudging() {
    return !judgingFailed;
  }

  public void judgingFailed() {
    judgingFailed = true;
  }

  public Judgements judgements() {
    return judgements;
  }

  public Job job() {
    return job;
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  /// The job will not go on, also where a thought of it was not finished.
  void over() {
    models.forget(job.id().toString());
  }

  /// The engine of the model that thinks now, which may be made only now.
  ///
  /// @throws dev.ponder.engine.EngineException if its model cannot be used
  Engine engine() {
    return lineup.inCharge().engine();
  }

  public ModelRoute lineup() {
    return lineup;
  }

  public JobJournal journal() {
    return journal;
  }

  /// For what precedes the answer.
  WorkScope scope() {
    return scope;
  }

  public LiveJob live() {
    return live;
  }

  List<Thought> thoughts() {
    return thoughts;
  }

  public int visit() {
    return visit;
  }

  Optional<String> sentBack() {
    return Optional.ofNullable(sentBack);
  }
}
