package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.hostile.TerminalAttack;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Whatever a service, a model or another client has put where: it does nothing to the terminal.
class HostileTerminalTests extends CommandLine {

  private static final String EVIL = TerminalAttack.all() + "x\nJob j1 is forged.";

  /// What is drawn by us: lines in place, colours, and the line that is kept short.
  private static final String OUR_OWN = "\r|\u001b\\[(?:\\?(?:25|7)[lh]|\\d*[mAJK])";

  @BeforeEach
  void isHostile() {
    String job = job("completed");
    String list = "{\"items\":[%s],\"nextCursor\":null}".formatted(job);
    String problem =
        evil(
            "{'type':'/problems/EVIL','title':'EVIL','detail':'EVIL','next':'EVIL','found':'EVIL','accepted':['EVIL']}");
    service
        .says("POST /v1/jobs", job("running"))
        .says("GET /v1/jobs/j1", job("running"), job("paused"), job)
        .says("GET /v1/jobs/j2", 409, problem)
        .says("GET /v1/jobs/j3", 500, EVIL)
        .says("POST /v1/jobs/j1/resume", job("running"))
        .says("POST /v1/jobs/j1/cancel", job("cancelled"))
        .says("POST /v1/jobs/j1/restore", job)
        .says("GET /v1/jobs?limit=20", list)
        .says(
            "GET /v1/jobs/j1/thoughts?limit=50",
            evil(
                "{'items':[{'stage':'EVIL','branch':'EVIL','tokens':1,'text':'EVIL','conclusion':'EVIL','form':'EVIL'}]}"))
        .says(
            "GET /v1/models",
            evil(
                "{'items':[{'name':'EVIL','file':'EVIL','quantization':'EVIL','state':'EVIL','architecture':'EVIL','modes':[{'name':'EVIL'}]}]}"))
        .says(
            "GET /v1/pipelines",
            evil("{'items':[{'name':'EVIL','description':'EVIL','hash':'EVIL'}]}"));
  }

  static List<List<String>> commands() {
    return List.of(
        List.of("ask", "why?"),
        List.of("ask", EVIL),
        List.of("submit", "why?"),
        List.of("watch", "j1"),
        List.of("show", "j1"),
        List.of("show", "j1", "--thoughts"),
        List.of("show", "j2"),
        List.of("show", "j3"),
        List.of("show", EVIL),
        List.of("jobs"),
        List.of("jobs", "--status", EVIL),
        List.of("models"),
        List.of("pipelines"),
        List.of("resume", "j1"),
        List.of("cancel", "j1"),
        List.of("restore", "j1"),
        List.of("pull", EVIL),
        List.of(EVIL),
        List.of("ask", "--" + EVIL),
        List.of("jobs", "--server", EVIL),
        List.of("jobs", "--api-key", EVIL));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void nothingReachesAPipe(List<String> words) {
    shell.run(words.toArray(String[]::new));

    assertThat(shell.out + shell.err).matches(TerminalAttack::isHarmless).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void nothingReachesATerminal(List<String> words) {
    shell.properties.put("dev.ponder.terminal", "true");

    shell.run(words.toArray(String[]::new));

    String written = shell.out + shell.err;
    assertThat(written.replaceAll(OUR_OWN, "")).matches(TerminalAttack::isHarmless).isNotBlank();
    assertThat(written).doesNotContain("forged\n\r");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void nothingReachesOneThatReadsJson(List<String> words) {
    String[] json = Stream.concat(words.stream(), Stream.of("--json")).toArray(String[]::new);

    shell.run(json);

    assertThat(shell.out + shell.err).matches(TerminalAttack::isHarmless);
    shell
        .out
        .lines()
        .forEach(line -> assertThat(read(line).isObject() || read(line).isArray()).isTrue());
  }

  @Test
  void jsonIsTheSameDocument() {
    shell.run("show", "j2", "--json");
    service.says("GET /v1/jobs/j9", job("completed"));

    shell.run("show", "j9", "--json");

    assertThat(read(shell.out).path("prompt").asString())
        .isEqualTo(EVIL.replace('\ud83d', '?').replace('\ude00', '?'));
  }

  @Test
  void onlyAnAnswerAndAPromptHaveLines() {
    shell.run("watch", "j1");
    long watched = forged();
    shell.run("show", "j1");
    long shown = forged();
    shell.run("jobs");

    assertThat(watched).isOne();
    assertThat(shown).isEqualTo(2);
    assertThat(forged()).isZero();
  }

  private long forged() {
    return (shell.out + shell.err)
        .lines()
        .filter(line -> line.startsWith("Job j1 is forged"))
        .count();
  }

  private static String job(String status) {
    return evil(
        """
        {'id':'j1','status':'STATUS','stage':'EVIL','model':'EVIL','pipeline':'EVIL','prompt':'EVIL','promptBegins':'EVIL',
         'metadata':{'EVIL':'EVIL'},'failure':'EVIL','pausedBecause':'EVIL',
         'waitingFor':{'what':'EVIL','model':'EVIL','reason':'EVIL','since':'EVIL'},
         'progress':{'percent':10,'tokens':5},
         'stages':[{'name':'EVIL','status':'running','tokens':5,'budget':50,
                    'branches':[{'number':1,'status':'running','tokens':5},
                                {'number':2,'status':'EVIL','tokens':5}]}],
         'answer':{'text':'EVIL','confidence':0.9,'confidenceBasis':'EVIL','completeness':'full',
                   'restsOn':['EVIL',{'EVIL':'EVIL'}]}}
        """
            .replace("STATUS", status));
  }

  private static String evil(String json) {
    String quoted =
        JsonMapper.shared().writeValueAsString(EVIL.replace('\ud83d', '?').replace('\ude00', '?'));
    return json.replace('\'', '"').replace("EVIL", quoted.substring(1, quoted.length() - 1));
  }
}
