package dev.ponder.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Certificates to trust besides those of the JDK, for a service whose certificate no public
/// authority has signed.
///
/// @param context trusts both
record TrustedCertificates(SSLContext context) {

  /// @param pem a file with one certificate or more
  static TrustedCertificates in(Path pem) throws IOException, GeneralSecurityException {
    List<Certificate> all = new ArrayList<>();
    try (InputStream file = Files.newInputStream(pem)) {
      all.addAll(CertificateFactory.getInstance("X.509").generateCertificates(file));
    }
    if (all.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager usual) {
        all.addAll(List.of(usual.getAcceptedIssuers()));
      }
    }
    KeyStore both = KeyStore.getInstance(KeyStore.getDefaultType());
    both.load(null, null);
    for (int i = 0; i < all.size(); i++) {
      both.setCertificateEntry(Integer.toString(i), all.get(i));
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers(both), null);
    return new TrustedCertificates(context);
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
