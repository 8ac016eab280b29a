package dev.ponder.audit;

import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The audit log of a service: its logger writes to the file in the data folder for as long as the
/// service runs.
@Component
class AuditConfiguration implements DisposableBean {

  private final AuditFile file;

  AuditConfiguration(@Value("${ponder.data:./data}") Path data) {
    file = new AuditFile(data, AuditFile.FILE_MAX, InstantSource.system());
    file.attach();
  }

  @Override
  public void destroy() {
    file.detach();
  }
}
