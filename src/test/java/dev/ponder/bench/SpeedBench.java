package dev.ponder.bench;

import dev.ponder.bench.Practice.Problem;
import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.job.Job;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.journal.Journals;
import dev.ponder.journal.Lines;
import dev.ponder.memory.Thought;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;

/// Tokens per second of the embedded model: bare, through its seat, and through the whole service
/// with the journal on; and where the time of a stage goes that is not decoding.
final class SpeedBench {

  /// A service that has just started compiles its code for about as many jobs. That takes processor
  /// time which an engine beside it lacks, so those turns have a figure of their own.
  private static final int WARM_UP = 80;

  private static final int JOBS_A_TURN = 4;

  private final Results results;
  private final Samples bareSpeed = new Samples();
  private final Samples seatSpeed = new Samples();
  private final Samples serviceSpeed = new Samples();
  private final Samples seatRatio = new Samples();
  private final Samples ratio = new Samples();
  private final Samples freshRatio = new Samples();
  private Samples notDecoding = new Samples();
  private Samples outsideEngine = new Samples();
  private int jobs;
  private int counts;

  SpeedBench(Results results) {
    this.results = results;
  }

  void run(Path scratch, Duration limit) throws Exception {
    List<Problem> problems = Practice.problems("practice-200.jsonl");
    var model = new JllamaModel("mini", Practice.MODEL, 2048, 6, 1, 0);
    try (var bare = new BareProcess(Practice.MODEL);
        var engine = new MeteredEngine(new JllamaEngine(model, SeatSettings.defaults()));
        var alone = new JllamaEngine(model, SeatSettings.defaults());
        var seat = new BareScript(new SeatVoice(alone));
        var service = new BenchService(scratch.resolve("speed"), engine)) {
      for (int at = 0; at < WARM_UP; at += JOBS_A_TURN) {
        Turn fresh = turn(problems.subList(at, at + JOBS_A_TURN), bare, seat, service, engine);
        freshRatio.add(fresh.service() / fresh.bare());
      }
      forgetStages();
      long end = System.nanoTime() + limit.toNanos();
      for (int at = WARM_UP;
          at + JOBS_A_TURN < problems.size() && System.nanoTime() < end;
          at += JOBS_A_TURN) {
        add(turn(problems.subList(at, at + JOBS_A_TURN), bare, seat, service, engine));
      }
    }
    report();
  }

  /// Tokens per second of the same jobs, three ways.
  private record Turn(double bare, double seat, double service) {}

  private Turn turn(
      List<Problem> problems,
      BareProcess bare,
      BareScript seat,
      BenchService service,
      MeteredEngine engine)
      throws Exception {
    return new Turn(bare(problems, bare), seat(problems, seat), service(problems, service, engine));
  }

  private void add(Turn turn) {
    bareSpeed.add(turn.bare());
    seatSpeed.add(turn.seat());
    serviceSpeed.add(turn.service());
    seatRatio.add(turn.seat() / turn.bare());
    ratio.add(turn.service() / turn.bare());
  }

  private void forgetStages() {
    notDecoding = new Samples();
    outsideEngine = new Samples();
    jobs = 0;
    counts = 0;
  }

  private static double bare(List<Problem> problems, BareProcess bare) throws Exception {
    long tokens = 0;
    double seconds = 0;
    for (Problem problem : problems) {
      var done = bare.think(problem.prompt(), 7);
      tokens += done.tokens();
      seconds += done.took().toNanos() / 1e9;
    }
    return tokens / seconds;
  }

  private static double seat(List<Problem> problems, BareScript seat) throws Exception {
    long tokens = 0;
    long start = System.nanoTime();
    for (Problem problem : problems) {
      tokens += seat.think(problem.prompt(), 7).tokens();
    }
    return tokens * 1e9 / (System.nanoTime() - start);
  }

  private double service(List<Problem> problems, BenchService service, MeteredEngine engine) {
    long tokens = 0;
    double seconds = 0;
    var journals = service.bean(Journals.class);
    for (Problem problem : problems) {
      engine.forget();
      Job job = service.answered(service.submit(problem.prompt(), "mini", 7));
      tokens += journals.thoughts(job.id()).stream().mapToLong(Thought::tokens).sum();
      seconds += BenchService.took(job).toNanos() / 1e9;
      jobs++;
      counts += engine.counts();
      stages(
          service.bean(Lines.class).after(job.id(), 0, Limit.of(1000)),
          List.copyOf(engine.turns()));
    }
    return tokens / seconds;
  }

  /// Lines of the journal say when a stage began; the next stage or the answer ends it.
  private void stages(List<JournalEntry> lines, List<MeteredEngine.Turn> turns) {
    List<Instant> borders =
        lines.stream()
            .filter(line -> line.kind() == Kind.STAGE_ENTERED || line.kind() == Kind.ANSWERED)
            .map(JournalEntry::at)
            .toList();
    for (int i = 0; i + 1 < borders.size(); i++) {
      Instant from = borders.get(i);
      Instant to = borders.get(i + 1);
      var mine =
          turns.stream()
              .filter(turn -> !turn.opened().isBefore(from) && turn.opened().isBefore(to))
              .toList();
      if (mine.isEmpty()) {
        continue;
      }
      Duration wall = Duration.between(from, to);
      Duration busy =
          mine.stream().map(MeteredEngine.Turn::busy).max(Duration::compareTo).orElseThrow();
      Instant opened =
          mine.stream().map(MeteredEngine.Turn::opened).min(Instant::compareTo).orElseThrow();
      Instant ended =
          mine.stream().map(MeteredEngine.Turn::ended).max(Instant::compareTo).orElseThrow();
      notDecoding.add(millis(wall.minus(busy)));
      outsideEngine.add(millis(wall.minus(Duration.between(opened, ended))));
    }
  }

  private void report() {
    String how =
        "median of %d turns of %d jobs each, turn about".formatted(ratio.count(), JOBS_A_TURN);
    results.add("bare engine, tokens/s", Results.number(bareSpeed.median()), "", how);
    results.add("bare script over the seat, tokens/s", Results.number(seatSpeed.median()), "", how);
    results.add("whole service, tokens/s", Results.number(serviceSpeed.median()), "", how);
    results.add("seat / bare", Results.number(seatRatio.median()), "", spread(seatRatio));
    results.add("service / bare", Results.number(ratio.median()), ">= 0.95", spread(ratio));
    results.add(
        "  the same in the first jobs of a service",
        Results.number(freshRatio.median()),
        "",
        "first %d jobs; %s".formatted(WARM_UP, spread(freshRatio)));
    String stages = "real engine, median of %d stages".formatted(notDecoding.count());
    results.add(
        "stage minus prompt and decoding, ms",
        Results.number(notDecoding.median()),
        "<= 2",
        stages);
    results.add(
        "  of it outside of the engine's call, ms",
        Results.number(outsideEngine.median()),
        "",
        stages);
    results.add(
        "  requests that only count tokens, per job",
        Results.number((double) counts / Math.max(1, jobs)),
        "",
        "%d jobs".formatted(jobs));
  }

  static String spread(Samples samples) {
    return "median of the turns' ratios; quartiles %s and %s"
        .formatted(Results.number(samples.at(0.25)), Results.number(samples.at(0.75)));
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
