package io.migratekit.source.vcenter.soap;

import com.vmware.vim25.ws.Argument;
import com.vmware.vim25.ws.Client;
import io.migratekit.source.vcenter.soap.SoapTrouble.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries yavijava's calls to one server. Each call is sent once: whether it may be repeated is for the caller to know.
 * Keeps the session's cookie. For any thread.
 */
public final class SoapClient implements Client {
    private static final Logger LOG = LoggerFactory.getLogger(SoapClient.class);
    private static final String COOKIE = "vmware_soap_session";

    /** The version of the API that the data objects were generated from; newer servers answer in its shape. */
    private static final String ACTION = "urn:vim25/6.0";

    private final HttpClient http;
    private final URI uri;
    private final Duration answerTimeout;
    private final String action;
    private final AtomicReference<@Nullable String> cookie;
    private final AtomicReference<@Nullable X509Certificate> certificate;

    /**
     * Makes a client, without connecting yet.
     *
     * @param uri of the service, as in {@code https://vcenter.example.com/sdk}
     * @param tls decides which certificates are trusted
     * @param answerTimeout from the beginning of a call to the end of its answer
     */
    public SoapClient(URI uri, SSLContext tls, Duration connectTimeout, Duration answerTimeout) {
        this.uri = uri;
        this.answerTimeout = answerTimeout;
        this.action = ACTION;
        this.cookie = new AtomicReference<>();
        this.certificate = new AtomicReference<>();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .connectTimeout(connectTimeout)
                .build();
    }

    private SoapClient(SoapClient same, String action) {
        this.uri = same.uri;
        this.answerTimeout = same.answerTimeout;
        this.action = action;
        this.cookie = same.cookie;
        this.certificate = same.certificate;
        this.http = same.http;
    }

    /**
     * Returns the same client, in the same session, for questions in a newer version of the API. Only for such whose
     * answers have nothing but types of 6.0 in them: there are no data objects for others.
     *
     * @param version which the server has to know, as in 6.7
     */
    public SoapClient speaking(String version) {
        return new SoapClient(this, "urn:vim25/" + version);
    }

    /**
     * Makes a call.
     *
     * @throws VimFault if the server answers with a fault
     * @throws SoapTrouble if it does not answer
     */
    @Override
    public @Nullable Object invoke(String method, Argument[] arguments, @Nullable String type) throws RemoteException {
        HttpResponse<byte[]> answer = send(method, SoapWriter.write(method, arguments));
        LOG.debug("{} {} -> {}, {} bytes", uri.getAuthority(), method, answer.statusCode(), answer.body().length);
        remember(answer);
        int status = answer.statusCode();
        if (status == 503 || status == 502 || status == 504) {
            throw new SoapTrouble(Kind.NOT_READY, "it answered with HTTP status %d to %s".formatted(status, method));
        }
        try {
            return SoapReader.read(answer.body(), type);
        } catch (XMLStreamException e) {
            String words = "it answered %s with HTTP status %d and what is no answer of vSphere: '%s'"
                    .formatted(method, status, SoapReader.quote(answer.body()));
            throw new SoapTrouble(Kind.GARBLED, words, e);
        }
    }

    private HttpResponse<byte[]> send(String method, byte[] message) throws SoapTrouble {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("SOAPAction", '"' + action + '"')
                .POST(HttpRequest.BodyPublishers.ofByteArray(message));
        String session = cookie.get();
        if (session != null) {
            request.header("Cookie", session);
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(answerTimeout.toMillis(), TimeUnit.MILLISECONDS); // its own limit ends at the headers
        } catch (ExecutionException e) {
            throw trouble(method, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new SoapTrouble(Kind.LOST, "it did not answer %s within %s".formatted(method, answerTimeout), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new SoapTrouble(Kind.LOST, "interrupted while waiting for its answer to " + method, e);
        }
    }

    private static SoapTrouble trouble(String method, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return new SoapTrouble(Kind.UNTRUSTED, "its certificate is not trusted", cause);
            }
        }
        String words = failure.getMessage();
        String what = words == null ? failure.getClass().getSimpleName() : words;
        if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
            return new SoapTrouble(Kind.UNREACHABLE, "it cannot be reached: " + reason(failure), failure);
        }
        if (failure instanceof SSLException) {
            return new SoapTrouble(Kind.UNREACHABLE, "no TLS connection comes about: " + what, failure);
        }
        return new SoapTrouble(Kind.LOST, "it ended the connection during %s: %s".formatted(method, what), failure);
    }

    /** The JDK's client hides an unknown name in a cause without words. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.nio.channels.UnresolvedAddressException) {
                return "its name is not known";
            }
            if (cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return failure instanceof HttpConnectTimeoutException ? "no connection in time" : "connection refused";
    }

    private void remember(HttpResponse<byte[]> answer) {
        answer.headers().allValues("Set-Cookie").stream()
                .map(text -> text.split(";", 2)[0].strip())
                .filter(text -> text.startsWith(COOKIE + "="))
                .findFirst()
                .ifPresent(cookie::set);
        answer.sslSession().ifPresent(tls -> {
            try {
                if (tls.getPeerCertificates()[0] instanceof X509Certificate leaf) {
                    certificate.set(leaf);
                }
            } catch (SSLPeerUnverifiedException e) {
                LOG.debug("{} shows no certificate", uri.getAuthority());
            }
        });
    }

    /** Returns the certificate that the latest answer came under, once there was one. */
    public Optional<X509Certificate> certificate() {
        return Optional.ofNullable(certificate.get());
    }

    /** Forgets the session. */
    public void forgetSession() {
        cookie.set(null);
    }

    @Override
    public StringBuffer invokeAsString(String method, Argument[] arguments) throws RemoteException {
        HttpResponse<byte[]> answer = send(method, SoapWriter.write(method, arguments));
        return new StringBuffer(new String(answer.body(), StandardCharsets.UTF_8));
    }

    @Override
    public String marshall(String method, Argument[] arguments) {
        return new String(SoapWriter.write(method, arguments), StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable Object unMarshall(String type, InputStream in) throws IOException, XMLStreamException {
        return SoapReader.read(in.readAllBytes(), type);
    }

    @Override
    public StringBuffer readStream(InputStream in) throws IOException {
        return new StringBuffer(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Override
    public URL getBaseUrl() {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("no URL: " + uri, e);
        }
    }

    @Override
    public @Nullable String getCookie() {
        return cookie.get();
    }

    @Override
    public void setCookie(String text) {
        cookie.set(text);
    }

    @Override
    public String getVimNameSpace() {
        return SoapWriter.VIM;
    }

    @Override
    public int getConnectTimeout() {
        return http.connectTimeout().map(limit -> (int) limit.toMillis()).orElse(0);
    }

    @Override
    public int getReadTimeout() {
        return (int) answerTimeout.toMillis();
    }

    @Override
    public @Nullable TrustManager getTrustManager() {
        return null; // it is inside the TLS context
    }

    @Override
    public void setBaseUrl(URL url) {
        throw fixed("address");
    }

    @Override
    public void setVimNameSpace(String namespace) {
        throw fixed("name space");
    }

    @Override
    public void setConnectTimeout(int millis) {
        throw fixed("limit for connecting");
    }

    @Override
    public void setReadTimeout(int millis) {
        throw fixed("limit for answers");
    }

    @Override
    public void setSoapActionOnApiVersion(String version) {
        throw fixed("version of the API");
    }

    private UnsupportedOperationException fixed(String what) {
        return new UnsupportedOperationException("the %s of %s is given when it is made".formatted(what, uri));
    }
}
