/// The client of OpenAI-compatible servers: vLLM, SGLang, MLX, llama-server's own `/v1` and their
/// kin. What they send is read forgivingly: [dev.ponder.engine.openai.ChatEvent] knows where a text
/// can be, [dev.ponder.engine.openai.Ending] why it can end, and
/// [dev.ponder.engine.openai.ServerError] what can be wrong.
@NamedInterface("openai")
@NullMarked
package dev.ponder.engine.openai;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
