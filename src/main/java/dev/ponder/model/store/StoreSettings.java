package dev.ponder.model.store;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import java.nio.file.Path;
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
/// @param fileMax bytes of one file at most
@ConfigurationProperties("ponder.store")
public record StoreSettings(
    @DefaultValue("./data/models") Path folder,
    @DefaultValue("https://huggingface.co") ServerAddress huggingFaceUrl,
    @Nullable ApiKey huggingFaceToken,
    @DefaultValue("false") boolean offline,
    @DefaultValue("false") boolean onDemand,
    @DefaultValue("200GB") DataSize fileMax) {}
