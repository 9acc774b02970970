package io.migratekit.nbd.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** The two sides of TLS and what each demands of the other. */
final class TlsEngines {
    private TlsEngines() {}

    /** Demands a certificate that the context trusts and that names {@code expectedName}, host name or address. */
    static SSLEngine client(SocketChannel socket, SSLContext context, String expectedName) throws IOException {
        SocketAddress remote = socket.getRemoteAddress();
        int port = remote instanceof InetSocketAddress tcp ? tcp.getPort() : -1;
        SSLEngine engine = context.createSSLEngine(expectedName, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Demands a certificate that the context trusts if {@code verifyClient}; else everybody may come. */
    static SSLEngine server(SSLContext context, boolean verifyClient) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(verifyClient);
        return engine;
    }
}
