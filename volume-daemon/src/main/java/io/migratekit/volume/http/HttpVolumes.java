package io.migratekit.volume.http;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.web.AccessToken;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** The volumes of a daemon, asked over HTTP. Nothing is repeated here; every call may be repeated by the caller. */
public final class HttpVolumes implements Volumes {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Above the longest wait that the server grants. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(1);

    /** Comparing thousands of volumes with a slow cloud takes its time. */
    private static final Duration RECONCILE_TIMEOUT = Duration.ofMinutes(30);

    private final String endpoint;
    private final VolumesApi api;
    private final VolumesApi patient;

    /**
     * Prepares to ask; nobody is asked yet.
     *
     * @param endpoint such as {@code http://127.0.0.1:8090}
     */
    public HttpVolumes(String endpoint, AccessToken token) {
        this.endpoint = endpoint;
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        api = api(http, REQUEST_TIMEOUT, token);
        patient = api(http, RECONCILE_TIMEOUT, token);
    }

    /**
     * Tells whether a failure means that the daemon was not reached, or somebody else was, or its answer is lost: then
     * it may be elsewhere now, and the call may be repeated there.
     */
    public static boolean lostContact(VolumeException failure) {
        return failure.getCause() instanceof ResourceAccessException || failure.getCause() instanceof Problems.Stranger;
    }

    /** Returns where it asks. */
    public String endpoint() {
        return endpoint;
    }

    /** Returns which daemon answers. */
    public DaemonIdentity identity() {
        return ask(api, VolumesApi::daemon);
    }

    @Override
    public Operation submit(String key, VolumeRequest request) {
        return ask(api, daemon -> daemon.submit(new VolumesApi.Submission(key, request)));
    }

    @Override
    public Operation operation(OperationId id) {
        return ask(api, daemon -> daemon.operation(id, 0));
    }

    @Override
    public List<Operation> operations(OperationFilter filter) {
        return ask(api, daemon -> daemon.operations(filter.volume(), filter.status(), filter.countMax()));
    }

    @Override
    public Operation await(OperationId id, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        long leftMillis = timeout.toMillis();
        while (true) {
            long waitMillis = Math.max(0, Math.min(leftMillis, VolumesController.WAIT_MILLIS_MAX));
            Operation now = ask(api, daemon -> daemon.operation(id, waitMillis));
            leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (now.status().ended() || leftMillis <= 0) {
                return now;
            }
        }
    }

    @Override
    public List<Volume> volumes() {
        return ask(api, daemon -> daemon.volumes(Optional.empty(), Optional.empty()));
    }

    @Override
    public Optional<Volume> volume(VolumeId id) {
        try {
            return Optional.of(ask(api, daemon -> daemon.volume(id)));
        } catch (VolumeException e) {
            if (e.kind() == Kind.NO_SUCH_THING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<Volume> volumesOf(String context) {
        return ask(api, daemon -> daemon.volumes(Optional.of(context), Optional.empty()));
    }

    @Override
    public Optional<Volume> volumeAt(String devicePath) {
        return ask(api, daemon -> daemon.volumes(Optional.empty(), Optional.of(devicePath))).stream()
                .findFirst();
    }

    @Override
    public List<VolumeExport> exports() {
        return ask(api, VolumesApi::exports);
    }

    @Override
    public Optional<VolumeExport> export(VolumeId id) {
        return ask(api, daemon -> daemon.exportsOf(id)).stream().findFirst();
    }

    @Override
    public List<SnapshotSet> snapshotSets(String context) {
        return ask(api, daemon -> daemon.snapshotSets(context));
    }

    @Override
    public List<Difference> reconcile(boolean repair) {
        return ask(patient, daemon -> daemon.reconcile(repair));
    }

    @Override
    public DaemonHealth health() {
        return ask(api, VolumesApi::health);
    }

    private <T> T ask(VolumesApi daemon, Function<VolumesApi, T> question) {
        try {
            T answer = question.apply(daemon);
            if (answer == null) { // somebody else's empty page
                throw Problems.stranger(endpoint, 200);
            }
            return answer;
        } catch (ResourceAccessException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new VolumeException(
                        Kind.UNAVAILABLE, "interrupted while the volume daemon at %s was asked".formatted(endpoint));
            }
            throw new VolumeException(
                    Kind.UNAVAILABLE,
                    "the volume daemon at %s does not answer: %s".formatted(endpoint, e.getMessage()),
                    e);
        } catch (RestClientException e) {
            throw new VolumeException(
                    Kind.FAILED,
                    "what the volume daemon at %s answered cannot be understood (%s); is it of another version, or another program?"
                            .formatted(endpoint, e.getMessage()),
                    e);
        }
    }

    private VolumesApi api(HttpClient http, Duration timeout, AccessToken token) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(timeout);
        RestClient client = RestClient.builder()
                .baseUrl(endpoint)
                .requestFactory(requests)
                .defaultHeader(HttpHeaders.AUTHORIZATION, token.header())
                .defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {
                    throw Problems.read(response, endpoint, token);
                })
                .build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
                .build()
                .createClient(VolumesApi.class);
    }
}
