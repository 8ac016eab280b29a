package dev.ponder.start;

import dev.ponder.files.PrivateFolder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.stereotype.Component;

/// The web server wants a folder for documents, which stays empty, and would make one that stays
/// when the process is killed. Making ours also removes what killed processes have left.
@Component
final class WebServerFolder
    implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory>, DisposableBean {
  private @Nullable PrivateFolder folder;

  @Override
  public void customize(ConfigurableServletWebServerFactory factory) {
    try {
      PrivateFolder made = folder == null ? PrivateFolder.create(null, "web") : folder;
      folder = made;
      factory.setDocumentRoot(made.path().toFile());
    } catch (IOException e) {
      // The server makes its own, or says why it cannot.
    }
  }

  @Override
  public void destroy() {
    if (folder != null) {
      folder.close();
    }
  }
}
