package dev.ponder.model.store;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Where the files of models are kept, and the limits of getting them there.
///
/// @param folder where the files of models are kept, a folder for each model
/// @param huggingFaceUrl base address of Hugging Face or of a mirror of it
/// @param huggingFaceToken token for repositories that want one; goes to that address only
/// @param offline pull nothing, use what is there
/// @param onDemand pull a model in the background when the first job needs it
/// @param connectLimit how long connecting may take
/// @param answerLimit how long a server may take to begin its answer
/// @param silenceLimit how long a download may stand still before it is tried again
/// @param attempts tries in a row that bring nothing, at most
/// @param backoffFirst pause before the second try; it doubles with each one
/// @param backoffMax the longest pause, also where a server asks for a longer one
/// @param pullLimit how long one pull may take altogether
/// @param fileMax bytes of one file at most
/// @param redirectsMax redirections in a row at most
@ConfigurationProperties("ponder.store")
public record StoreSettings(
    @DefaultValue("./data/models") Path folder,
    @DefaultValue("https://huggingface.co") ServerAddress huggingFaceUrl,
    @Nullable ApiKey huggingFaceToken,
    @DefaultValue("false") boolean offline,
    @DefaultValue("false") boolean onDemand,
    @DefaultValue("20s") Duration connectLimit,
    @DefaultValue("60s") Duration answerLimit,
    @DefaultValue("60s") Duration silenceLimit,
    @DefaultValue("5") int attempts,
    @DefaultValue("1s") Duration backoffFirst,
    @DefaultValue("60s") Duration backoffMax,
    @DefaultValue("24h") Duration pullLimit,
    @DefaultValue("200GB") DataSize fileMax,
    @DefaultValue("8") int redirectsMax) {

  public StoreSettings {
    if (attempts < 1 || attempts > 100) {
      throw new IllegalArgumentException(
          "ponder.store.attempts is %d and has to be between 1 and 100".formatted(attempts));
    }
  }
}
