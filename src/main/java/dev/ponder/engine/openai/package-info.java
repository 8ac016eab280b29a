/// The client of OpenAI-compatible servers: vLLM, SGLang, MLX, llama-server's own `/v1` and their
/// kin. Only [dev.ponder.engine.openai.ChatClient] and what it hands its answers to know the
/// library that speaks the protocol.
@NamedInterface("openai")
@NullMarked
package dev.ponder.engine.openai;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
