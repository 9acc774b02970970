package io.migratekit.volume.cloudstack.api;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks one CloudStack. Requests are posted, so that no key or signature is in a URL, where proxies and servers would log
 * it. Nothing is tried twice here: only the caller knows what may be repeated. Safe for many threads.
 */
public final class CloudStackClient {
    /** A page of 500 volumes is about 1 MiB; what is longer than this is no page. */
    private static final long BODY_BYTES_MAX = 64L << 20;

    /** A signed request is worthless after this. Clocks may differ by as much, and CloudStack may ask for 15 min. */
    private static final Duration SIGNATURE_LIFE = Duration.ofMinutes(10);

    private static final int UNAUTHORIZED = 401;

    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient http;
    private final URI endpoint;
    private final ApiKeys keys;
    private final Duration requestTimeout;
    private final Clock clock;

    /**
     * Makes a client; nothing is asked yet.
     *
     * @param endpoint such as {@code https://cloud.example.com/client/api}
     * @param trust how the server's certificate is checked
     * @param requestTimeout for one request, from connecting to the end of its reply
     * @throws IllegalArgumentException if that is no such URL, or holds a user, query or fragment
     * @throws VolumeException of kind REFUSED if the authority's file cannot be used
     */
    public CloudStackClient(URI endpoint, ServerTrust trust, ApiKeys keys, Duration requestTimeout, Clock clock) {
        checkEndpoint(endpoint);
        this.endpoint = endpoint;
        this.keys = keys;
        this.requestTimeout = requestTimeout;
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .connectTimeout(requestTimeout)
                .sslContext(CertificateCheck.context(trust))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    private static void checkEndpoint(URI endpoint) {
        boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        boolean plain = endpoint.getRawUserInfo() == null
                && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null;
        if (!web || !plain || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "an API endpoint (%s) is a URL like https://cloud.example.com/client/api,"
                                    .formatted(
                                            endpoint.getHost() == null ? "without a host" : "of " + endpoint.getHost())
                            + " without user, query or fragment");
        }
    }

    /** Returns host and port of the endpoint, for messages. */
    public String host() {
        return endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
    }

    /** Returns a text of the other side for people, without keys. */
    String withoutKeys(String text) {
        return keys.hiddenIn(text);
    }

    /** Asks once. */
    public ApiReply ask(ApiCommand command) {
        SignedForm form = SignedForm.of(command, keys, Instant.now(clock).plus(SIGNATURE_LIFE));
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(requestTimeout)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(form.body()))
                .build();
        CompletableFuture<HttpResponse<byte[]>> coming =
                http.sendAsync(request, head -> new LimitedBody(BODY_BYTES_MAX));
        try {
            // A request's own timeout ends with the reply's head; this one covers a body that trickles in.
            return read(command, form, coming.get(requestTimeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            coming.cancel(true);
            return late(command, e);
        } catch (ExecutionException e) {
            return silence(command, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            coming.cancel(true);
            Thread.currentThread().interrupt();
            return silence(command, "was not waited for, because the daemon ends", e);
        }
    }

    /**
     * Asks once.
     *
     * @return what the reply's envelope holds
     * @throws VolumeException if it was refused, or no sensible reply came
     */
    public JsonNode call(ApiCommand command) {
        return ask(command).orThrow();
    }

    /** Returns all that a listing has, page by page. */
    public List<JsonNode> list(ApiCommand command, String element) {
        return new Pages(this, command, element).all();
    }

    /** Returns the one that a listing by id has; empty if nothing has that id. */
    public Optional<JsonNode> listOne(ApiCommand command, String element) {
        ApiReply reply = ask(command);
        if (reply instanceof ApiReply.Refusal refusal && refusal.failure().noSuchEntity()) {
            return Optional.empty();
        }
        JsonNode rows = reply.orThrow().path(element);
        // What is in several stores is listed once for each of them.
        long ids = rows.valueStream().map(row -> row.path("id")).distinct().count();
        if (ids > 1) {
            throw new VolumeException(
                    Kind.FAILED,
                    "%s answers %s of one id with %d entries; this is likely to be a bug of the server"
                            .formatted(host(), command.name(), rows.size()));
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.path(0));
    }

    /**
     * Reads one entry of a listing.
     *
     * @throws VolumeException of kind FAILED if it is not as the API reference has it
     */
    public <T> T read(ApiCommand command, JsonNode row, Function<JsonNode, T> reading) {
        try {
            return reading.apply(row);
        } catch (IllegalArgumentException e) {
            throw new VolumeException(
                    Kind.FAILED,
                    "%s answers %s with an entry that cannot be read: %s; is that CloudStack?"
                            .formatted(host(), command.name(), e.getMessage()),
                    e);
        }
    }

    private ApiReply read(ApiCommand command, SignedForm form, HttpResponse<byte[]> response) {
        Optional<JsonNode> envelope = envelope(response.body());
        if (envelope.isEmpty()) {
            return notJson(command, response);
        }
        JsonNode content = envelope.get();
        boolean failed = content.path("errorcode").isNumber();
        if (!failed) {
            return response.statusCode() == 200 ? new ApiReply.Answer(content) : notJson(command, response);
        }
        String text = form.hiddenIn(withoutKeys(content.path("errortext").asString("")));
        int code = content.path("errorcode").asInt(response.statusCode());
        return new ApiReply.Refusal(new ApiFailure(command.name(), Optional.empty(), code, text, host()));
    }

    /** Every reply is one object with one field, named after the command, and in that what matters. */
    private Optional<JsonNode> envelope(byte[] body) {
        try {
            JsonNode root = json.readTree(body);
            return root.isObject() && root.size() == 1
                    ? Optional.of(root.iterator().next()).filter(JsonNode::isObject)
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty(); // told with the status, without what may have been echoed
        }
    }

    private ApiReply notJson(ApiCommand command, HttpResponse<byte[]> response) {
        if (response.statusCode() == UNAUTHORIZED) {
            return new ApiReply.Refusal(new ApiFailure(command.name(), Optional.empty(), UNAUTHORIZED, "", host()));
        }
        String type = response.headers().firstValue("Content-Type").orElse("no content type");
        String what =
                "answers with status %d and %s instead of CloudStack's JSON; either the URL is not that of the API"
                                .formatted(response.statusCode(), type)
                        + " (it usually ends in /client/api), or a proxy answers in its place";
        return silence(command, what, null);
    }

    private ApiReply silence(ApiCommand command, Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            String what = "cannot be reached; is the management server running, and does the network let us there?";
            return new ApiReply.Silence(unavailable(command, what, cause), false);
        }
        if (cause instanceof SSLHandshakeException) {
            UntrustedCertificate untrusted = UntrustedCertificate.behind(cause);
            String what = untrusted != null
                    ? String.valueOf(untrusted.getMessage())
                    : "does not agree on TLS with us (%s); is it as old as that, or no CloudStack?"
                            .formatted(cause.getMessage());
            return new ApiReply.Silence(unavailable(command, what, cause), false);
        }
        if (cause instanceof HttpTimeoutException) {
            return late(command, cause);
        }
        if (cause instanceof IOException) {
            return silence(command, "broke the connection before it had answered", cause);
        }
        throw new IllegalStateException("asking %s for %s failed".formatted(host(), command.name()), cause);
    }

    private ApiReply late(ApiCommand command, Throwable cause) {
        return silence(command, "does not answer within %d ms".formatted(requestTimeout.toMillis()), cause);
    }

    private ApiReply silence(ApiCommand command, String what, @Nullable Throwable cause) {
        return new ApiReply.Silence(unavailable(command, what, cause), true);
    }

    private VolumeException unavailable(ApiCommand command, String what, @Nullable Throwable cause) {
        return new VolumeException(
                Kind.UNAVAILABLE, "CloudStack at %s, asked for %s, %s".formatted(host(), command.name(), what), cause);
    }
}
