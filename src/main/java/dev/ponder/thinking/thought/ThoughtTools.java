package dev.ponder.thinking.thought;

import dev.ponder.thinking.ThinkingSettings;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// What every thought of this node is written with.
@Component
public record ThoughtTools(
    ThinkingSettings settings, Speeds speeds, ThoughtMemory memory, InstantSource time) {}
