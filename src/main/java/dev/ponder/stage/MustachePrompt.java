package dev.ponder.stage;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.ponder.stage.PromptFacts.Branch;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A stage's two templates, compiled, with what the file itself says to them: its switches, the
/// stage's mode and the branches' angles.
final class MustachePrompt implements PromptTemplate {

  /// Every name is there in every rendering, if only as null, so a rendering cannot fail on a name.
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .strictSections(true)
          .nullValue("")
          .emptyStringIsFalse(true);

  private final Template system;
  private final Template user;
  private final Set<Switch> switches;
  private final @Nullable String mode;
  private final List<String> angles;

  MustachePrompt(
      Template system,
      Template user,
      Set<Switch> switches,
      @Nullable String mode,
      List<String> angles) {
    this.system = system;
    this.user = user;
    this.switches = new LinkedHashSet<>(switches);
    this.mode = mode;
    this.angles = List.copyOf(angles);
  }

  static Template compile(String template) {
    return COMPILER.compile(template);
  }

  @Override
  public Prompt render(PromptFacts facts) {
    Map<String, @Nullable Object> names = names(facts);
    return new Prompt(system.execute(names).strip(), user.execute(names).strip());
  }

  MustachePrompt with(Set<Switch> others) {
    return new MustachePrompt(system, user, others, mode, angles);
  }

  MustachePrompt withMode(@Nullable String other) {
    return new MustachePrompt(system, user, switches, other, angles);
  }

  MustachePrompt withAngles(List<String> others) {
    return new MustachePrompt(system, user, switches, mode, others);
  }

  private Map<String, @Nullable Object> names(PromptFacts facts) {
    Map<String, @Nullable Object> names = new HashMap<>();
    names.put("prompt", facts.prompt().strip());
    names.put("analysis", stripped(facts.analysis()));
    names.put("earlier", stripped(facts.earlier()));
    names.put("branches", facts.branches().stream().map(MustachePrompt::names).toList());
    names.put("synthesis", stripped(facts.synthesis()));
    names.put("candidate", stripped(facts.candidate()));
    names.put("verification", stripped(facts.verification()));
    names.put("verified", stripped(facts.verified()));
    names.put("confidence", stripped(facts.confidence()));
    names.put("revisit", stripped(facts.revisit()));
    names.put("branch", facts.branch());
    names.put("branchCount", facts.branchCount());
    names.put("mode", stripped(mode));
    names.put(
        "angle",
        angles.isEmpty() ? null : stripped(angles.get((facts.branch() - 1) % angles.size())));
    for (Switch option : Switch.values()) {
      names.put(option.key(), switches.contains(option));
    }
    return names;
  }

  private static Map<String, @Nullable Object> names(Branch branch) {
    Map<String, @Nullable Object> names = new HashMap<>();
    names.put("number", branch.number());
    names.put("conclusion", stripped(branch.conclusion()));
    names.put("answer", stripped(branch.answer()));
    names.put("reasoning", stripped(branch.reasoning()));
    return names;
  }

  private static @Nullable String stripped(@Nullable String fact) {
    return fact == null ? null : fact.strip();
  }
}
