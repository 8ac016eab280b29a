package dev.ponder.routing;

import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Pipelines;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Keeps each pipeline as it was when a job was submitted with it: a file changed later affects new
/// jobs only.
@Component
public class PinnedPipelines {

  private final JdbcClient jdbc;
  private final Pipelines pipelines;
  // One entry per version of a pipeline file that this process has met: a handful.
  private final Map<String, Pipeline> byHash = new ConcurrentHashMap<>();

  public PinnedPipelines(JdbcClient jdbc, Pipelines pipelines) {
    this.jdbc = jdbc;
    this.pipelines = pipelines;
  }

  /// Makes sure that this version of the pipeline is stored. Not for use inside a transaction: two
  /// first jobs can come at the same time, and then one of them finds the row taken.
  void pin(Pipeline pipeline) {
    if (byHash.containsKey(pipeline.hash())) {
      return;
    }
    try {
      jdbc.sql(
              """
              insert into pipeline_version (hash, name, source)
              select cast(:hash as varchar(64)), :name, :source
              where not exists (select 1 from pipeline_version where hash = :hash)
              """)
          .param("hash", pipeline.hash())
          .param("name", pipeline.name())
          .param("source", pipeline.source())
          .update();
    } catch (DuplicateKeyException raced) {
      // The other job has stored the same version.
    }
    byHash.put(pipeline.hash(), pipeline);
  }

  /// The version of a pipeline that a job is pinned to.
  public Pipeline pinned(String hash) {
    Pipeline known = byHash.get(hash);
    if (known == null) {
      known = read(hash);
      byHash.put(hash, known);
    }
    return known;
  }

  private Pipeline read(String hash) {
    return jdbc.sql("select name, source from pipeline_version where hash = :hash")
        .param("hash", hash)
        .query((row, n) -> pipelines.parse(row.getString("name"), row.getString("source")))
        .single();
  }
}
