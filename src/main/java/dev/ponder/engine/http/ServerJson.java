package dev.ponder.engine.http;

import dev.ponder.json.SeparateNames;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON that model servers send.
public final class ServerJson {

  public static final JsonFactory FACTORY = new SeparateNames(StreamReadConstraints.defaults());

  public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

  private ServerJson() {}
}
