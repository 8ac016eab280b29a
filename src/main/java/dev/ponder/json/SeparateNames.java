package dev.ponder.json;

import java.io.InputStream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.ByteSourceJsonBootstrapper;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.sym.ByteQuadsCanonicalizer;

/// Reads each document with a table of names of its own. Jackson keeps one for all documents of a
/// factory, in which the names that one sender made up collide with those of another one: some
/// hundred names of one hash, and the other one is refused as an attack.
///
/// Bytes are decoded strictly, which Jackson does only with such a table; characters need none.
public final class SeparateNames extends JsonFactory {

  private static final int WITH_TABLE =
      TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES.getMask();

  public SeparateNames(StreamReadConstraints limits) {
    super(
        new JsonFactoryBuilder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(limits));
  }

  @Override
  protected JsonParser _createParser(
      ObjectReadContext readers, IOContext context, InputStream bytes) {
    return parser(readers, new ByteSourceJsonBootstrapper(context, bytes));
  }

  @Override
  protected JsonParser _createParser(
      ObjectReadContext readers, IOContext context, byte[] bytes, int offset, int length) {
    return parser(readers, new ByteSourceJsonBootstrapper(context, bytes, offset, length));
  }

  private JsonParser parser(ObjectReadContext readers, ByteSourceJsonBootstrapper start) {
    return start.constructParser(
        readers,
        readers.getStreamReadFeatures(_streamReadFeatures),
        readers.getFormatReadFeatures(_formatReadFeatures),
        ByteQuadsCanonicalizer.createRoot(),
        _rootCharSymbols,
        _factoryFeatures | WITH_TABLE);
  }
}
