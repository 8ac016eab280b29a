package dev.ponder.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildEnvironmentTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SPRING_DATASOURCE_PASSWORD",
        "PONDER_API_KEYS",
        "OPENAI_API_KEY",
        "LLAMA_API_KEY",
        "HF_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "NVIDIA_API_KEY",
        "CUDA_REGISTRY_TOKEN",
        "GGML_AUTH",
        "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "LLAMA_ARG_CTX_SIZE",
        "LD_PRELOAD",
        "DATABASE_URL",
        "nvidia_api_key",
        "SSH_AUTH_SOCK",
        "CREDENTIALS_DIRECTORY"
      })
  void keepsEverySecretAndEveryOptionOfAnotherProgramFromAChild(String name) {
    Map<String, String> environment = new TreeMap<>(Map.of(name, "x"));

    ChildEnvironment.limit(environment);

    assertThat(environment).isEmpty();
  }

  @Test
  void leavesWhatAChildNeeds() {
    Map<String, String> needed =
        Map.of(
            "PATH", "/bin",
            "HOME", "/home/a",
            "LC_ALL", "C.UTF-8",
            "TMPDIR", "/tmp",
            "LD_LIBRARY_PATH", "/opt/cuda/lib64",
            "CUDA_VISIBLE_DEVICES", "0",
            "GGML_METAL_PATH_RESOURCES", "/opt",
            "OMP_NUM_THREADS", "4");
    Map<String, String> environment = new TreeMap<>(needed);

    ChildEnvironment.limit(environment);

    assertThat(environment).isEqualTo(needed);
  }
}
