package dev.ponder.routing;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.model.Models;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The models of one job: its own, and those that take over while its engine cannot be had. Each
/// stage begins with the first that can be had, so a job is back with its own model as soon as that
/// is well again; within a stage it only goes down the line. The branches of a stage share it.
public final class ModelRoute {

  private static final Logger log = LoggerFactory.getLogger(ModelRoute.class);

  private static final int CHARACTERS_PER_TOKEN = 4;

  private final Models models;
  private final List<String> names;
  private final Set<Engine> asked = new LinkedHashSet<>();
  private int place;
  private @Nullable String because;

  /// Whether one of those that were passed over may be back by itself.
  private boolean anyAway;

  /// @param own the job's model
  public ModelRoute(Models models, String own) {
    this.models = models;
    this.names = new ArrayList<>(List.of(own));
    names.addAll(models.fallbacks(own));
  }

  /// The model that thinks now.
  ///
  /// @param own whether it is the job's
  /// @param because why it is not
  public record InCharge(String model, Engine engine, boolean own, @Nullable String because) {}

  /// A stage begins. A model whose engine rests or cannot be made is passed over while there is
  /// another. It is not asked whether it answers, which can take time that the deadline has not.
  public synchronized void begin() {
    place = 0;
    because = null;
    anyAway = false;
    while (place < names.size() - 1 && !canBeHad()) {
      place++;
    }
  }

  private boolean canBeHad() {
    String model = names.get(place);
    if (models.resting(model)) {
      because = "Model '%s' is left alone for a while, because it kept failing.".formatted(model);
      anyAway = true;
      return false;
    }
    try {
      models.engine(model);
      return true;
    } catch (EngineException.Unavailable | EngineException.Unusable e) {
      because = e.getMessage();
      anyAway |= e instanceof EngineException.Unavailable;
      return false;
    }
  }

  /// The model in charge, whose engine may be made only now.
  ///
  /// @throws EngineException if none of those that are left has one
  public synchronized InCharge inCharge() {
    while (true) {
      String model = names.get(place);
      try {
        Engine engine = models.engine(model);
        asked.add(engine);
        return new InCharge(model, engine, place == 0, because);
      } catch (EngineException.Unavailable | EngineException.Unusable e) {
        passOn(model, e);
      }
    }
  }

  /// A model could not do what it was asked for. The next one is in charge when this returns,
  /// unless another branch has passed the job on already.
  ///
  /// @throws EngineException if none is left, or if the job's own model refused: that is the fault
  ///     of the request
  public synchronized void failed(InCharge who, EngineException why) {
    if (who.own() && why instanceof EngineException.Refused) {
      throw why;
    }
    if (who.model().equals(names.get(place))) {
      passOn(who.model(), why);
    }
  }

  /// A line of thought will not be continued, as [Engine#forget] has it.
  public synchronized void forget(String affinity) {
    asked.forEach(engine -> engine.forget(affinity));
  }

  /// The tokens of a text by the model in charge; where that is gone, about as many.
  public int countTokens(String text) {
    try {
      return inCharge().engine().countTokens(text);
    } catch (EngineException e) {
      return aboutTokens(text);
    }
  }

  /// What a text has of tokens where nobody can count them.
  public static int aboutTokens(String text) {
    return text.length() / CHARACTERS_PER_TOKEN;
  }

  private void passOn(String model, EngineException why) {
    anyAway |= why instanceof EngineException.Unavailable;
    if (place == names.size() - 1) {
      throw nobodyLeft(why);
    }
    place++;
    because = why.getMessage();
    log.warn("'{}' takes over from '{}': {}", names.get(place), model, why.logged());
  }

  /// The last one's reason, and that of the one before it: a job that waits or is paused says both.
  /// As long as one of them may be back by itself, nobody has to mend anything.
  private EngineException nobodyLeft(EngineException last) {
    if (because == null) {
      return last;
    }
    String both =
        "%s Its fallback '%s' could not take over: %s"
            .formatted(because, names.get(place), last.getMessage());
    return anyAway
        ? new EngineException.Unavailable(both, null)
        : new EngineException.Unusable(both, last);
  }

  /// Its models, the job's own first.
  public List<String> models() {
    return List.copyOf(names);
  }
}
