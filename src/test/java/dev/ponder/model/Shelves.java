package dev.ponder.model;

import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.llamaserver.KvSnapshotSettings;
import dev.ponder.engine.llamaserver.LlamaServerSettings;
import dev.ponder.engine.llamaserver.ManagedServerSettings;
import dev.ponder.engine.openai.OpenAiSettings;
import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.model.profile.Profiles;
import dev.ponder.model.store.ModelStore;
import dev.ponder.model.store.StoreSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.util.unit.DataSize;

/// What the registry needs, put together by hand.
final class Shelves {

  private Shelves() {}

  static StoreSettings settings(Path folder, boolean onDemand) {
    return new StoreSettings(
        folder,
        ServerAddress.of("http://127.0.0.1:1"),
        null,
        false,
        onDemand,
        DataSize.ofGigabytes(1));
  }

  static ModelSettings models(Path data, Map<String, ModelProfile> models) {
    return new ModelSettings(
        models,
        "mini",
        0,
        data,
        List.of(),
        List.of(),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10));
  }

  static Engines engines(ModelSettings settings) {
    return new Engines(
        settings,
        ResilienceSettings.defaults(),
        SeatSettings.defaults(),
        LlamaServerSettings.defaults(),
        ManagedServerSettings.defaults().withExecutable("tools/llama-server"),
        KvSnapshotSettings.defaults(),
        OpenAiSettings.defaults(),
        new DefaultListableBeanFactory().getBeanProvider(MeterRegistry.class),
        InstantSource.system());
  }

  static ProfiledModels shelf(
      Profiles profiles, StoreSettings settings, ModelSettings models, long memory) {
    ModelStore store = new ModelStore(settings);
    return new ProfiledModels(
        profiles,
        store,
        new BackgroundPulls(store),
        settings,
        new MemoryCheck(new LoadSettings(true, null), () -> memory),
        engines(models));
  }
}
