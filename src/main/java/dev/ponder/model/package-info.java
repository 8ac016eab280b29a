/// Which models there are, where their files come from, the memory they need, and the engines that
/// hold them.
@ApplicationModule(
    allowedDependencies = {
      "audit",
      "engine",
      "engine :: gguf",
      "engine :: http",
      "engine :: jllama",
      "engine :: llamaserver",
      "engine :: openai",
      "engine :: resilience",
      "engine :: seat",
      "engine :: text",
      "files",
      "time",
      "yaml"
    })
@NullMarked
package dev.ponder.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
