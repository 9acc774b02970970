package io.migratekit.volume.cloudstack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A CloudStack of one account on loopback, in memory, that answers as the API reference and the management server's
 * source have it, verifies signatures, and does wrong what it is told to do wrong.
 */
final class CloudServer implements AutoCloseable {
    static final String API_KEY =
            "plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg";
    static final String SECRET_KEY =
            "VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ";
    private static final String EVERY = "*";
    private static final JsonMapper JSON = JsonMapper.shared();

    static {
        // Else each reply waits 40 ms for the acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    final CloudState state;
    final CloudJobs jobs = new CloudJobs();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile HttpServer http;
    private final Map<String, Deque<Fault>> faults = new HashMap<>(); // these by one request at a time
    private final Map<String, Fault> standing = new HashMap<>();
    private final List<CloudForm> asked = new ArrayList<>();
    private final List<String> urls = new ArrayList<>();

    CloudServer(Path folder) throws IOException {
        this(folder, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** A cloud behind TLS. */
    static CloudServer withTls(Path folder, SSLContext tls) throws IOException {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new CloudServer(folder, https);
    }

    private CloudServer(Path folder, HttpServer http) throws IOException {
        this.state = new CloudState(new CloudDevices(folder));
        this.http = http;
        listen();
    }

    private void listen() {
        http.createContext("/client/api", this::handle);
        http.setExecutor(threads);
        http.start();
    }

    /** Ends the server and leaves everything in the cloud as it is. */
    void goDown() {
        http.stop(0);
    }

    /** Serves again, at the same port. */
    void comeBack() throws IOException {
        http = HttpServer.create(http.getAddress(), 0);
        listen();
    }

    URI endpoint() {
        return URI.create("%s://127.0.0.1:%d/client/api"
                .formatted(
                        http instanceof HttpsServer ? "https" : "http",
                        http.getAddress().getPort()));
    }

    /** Lets the next requests for a command meet these faults, one each. */
    synchronized void fail(String command, Fault... some) {
        faults.computeIfAbsent(command, key -> new ArrayDeque<>()).addAll(List.of(some));
    }

    /** Lets every request for a command meet a fault, until {@link #heal}. */
    synchronized void failAlways(String command, Fault fault) {
        standing.put(command, fault);
    }

    /** Lets every request of a kind that has no fault of its own meet one, until {@link #heal}. */
    void failAlways(Fault fault) {
        failAlways(EVERY, fault);
    }

    /** Lets nothing go wrong from here on. */
    synchronized void heal() {
        standing.clear();
        faults.clear();
    }

    /** Returns how often a command was asked for. */
    synchronized long asked(String command) {
        return asked.stream().filter(form -> form.command().equals(command)).count();
    }

    /** Returns the last request for a command. */
    synchronized CloudForm last(String command) {
        return asked.stream()
                .filter(form -> form.command().equals(command))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** Returns the signatures of all requests. */
    synchronized List<String> signatures() {
        return asked.stream()
                .flatMap(form -> form.optional("signature").stream())
                .toList();
    }

    /** Returns every URL that was asked for, as a proxy would log it. */
    synchronized List<String> urls() {
        return List.copyOf(urls);
    }

    /** Does what is due, and lets a test look at what is there. */
    synchronized CloudState settled() {
        jobs.advance();
        return state;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            CloudForm form = new CloudForm(CloudSignature.fields(body));
            Optional<Fault> fault = next(exchange, form)
                    .map(some -> some instanceof Fault.Echoed echoed ? new Fault.Refused(echoed.code(), body) : some);
            if (fault.isPresent() && fault.get() instanceof Fault.Slow slow) {
                pause(slow);
            }
            answer(exchange, form, fault);
        }
    }

    private synchronized Optional<Fault> next(HttpExchange exchange, CloudForm form) {
        urls.add(exchange.getRequestURI().toString());
        asked.add(form);
        Deque<Fault> queue = faults.get(form.command());
        Optional<Fault> once = queue == null ? Optional.empty() : Optional.ofNullable(queue.poll());
        return once.or(() -> Optional.ofNullable(standing.getOrDefault(form.command(), standing.get(EVERY))));
    }

    private void answer(HttpExchange exchange, CloudForm form, Optional<Fault> fault) throws IOException {
        if (fault.isPresent() && fault.get() instanceof Fault.LostRequest) {
            return; // closing without a reply breaks the connection
        }
        if (fault.isPresent() && fault.get() instanceof Fault.Html html) {
            send(exchange, html.status(), "text/html", "<html><body>Apache Tomcat</body></html>");
            return;
        }
        if (fault.isPresent() && fault.get() instanceof Fault.Json json) {
            send(exchange, json.status(), "application/json", json.body());
            return;
        }
        try {
            ObjectNode content = performed(form, fault);
            if (fault.isEmpty() || !(fault.get() instanceof Fault.LostReply)) {
                send(exchange, 200, form, content);
            }
        } catch (CloudError e) {
            ObjectNode content =
                    JSON.createObjectNode().put("errorcode", e.code).put("errortext", e.text());
            content.putArray("uuidList");
            send(exchange, e.code, form, content.put("cserrorcode", 4350));
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
    }

    private synchronized ObjectNode performed(CloudForm form, Optional<Fault> fault) {
        if (!CloudSignature.good(form.fields(), API_KEY, SECRET_KEY, Instant.now())) {
            throw new CloudError(401, "unable to verify user credentials and/or request signature");
        }
        if (fault.isPresent() && fault.get() instanceof Fault.Refused refused) {
            throw new CloudError(refused.code(), refused.text());
        }
        jobs.advance();
        if (form.command().equals("queryAsyncJobResult")) {
            return jobs.query(form.required("jobid"));
        }
        CloudOutcome outcome = state.perform(form);
        if (outcome.work().isEmpty()) {
            return outcome.content();
        }
        return outcome.content()
                .put("jobid", jobs.add(form.command(), outcome.work().get(), fault));
    }

    private static void send(HttpExchange exchange, int status, CloudForm form, ObjectNode content) throws IOException {
        String envelope = form.command().toLowerCase(Locale.ROOT) + "response";
        send(
                exchange,
                status,
                "application/json",
                JSON.createObjectNode().set(envelope, content).toString());
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + ";charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void pause(Fault.Slow slow) {
        try {
            TimeUnit.NANOSECONDS.sleep(slow.time().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
