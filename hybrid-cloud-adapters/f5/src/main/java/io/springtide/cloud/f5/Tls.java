package io.springtide.cloud.f5;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom the driver believes to be the BIG-IP. */
final class Tls {

    private Tls() {}

    /**
     * The JDK's authorities, those of a file, or everybody, as the operator says.
     *
     * @throws IllegalArgumentException with a sentence, if the file does not do
     */
    static SSLContext context(F5Settings settings) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            Optional<Path> file = settings.caFile();
            if (!settings.verify()) {
                context.init(null, new TrustManager[]{new Anybody()}, null);
            } else if (file.isPresent()) {
                TrustManagerFactory trust = TrustManagerFactory
                        .getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(authorities(file.get()));
                context.init(null, trust.getTrustManagers(), null);
            } else {
                context.init(null, null, null);
            }
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("f5: ca-file "
                    + settings.caFile().map(Path::toString).orElse("") + " cannot be used: "
                    + e.getMessage(), e);
        }
    }

    private static KeyStore authorities(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)) {
                store.setCertificateEntry("ca" + n++, each);
            }
        }
        if (n == 0) {
            throw new IOException("there is no certificate in it");
        }
        return store;
    }

    /** For those who have switched the verification off. An extended one: else the name is checked. */
    private static final class Anybody extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
