package io.migratekit.volume.cloudstack;

import static io.migratekit.config.account.ServerTrust.AUTHORITIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.ApiKeys;
import io.migratekit.volume.cloudstack.api.ApiReply;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class CloudStackClientTest {
    private static final ApiCommand ZONES = ApiCommand.of("listZones");
    private static final Duration SHORT = Duration.ofMillis(150);

    @TempDir
    Path folder;

    private CloudServer server;

    @BeforeEach
    void start() throws IOException {
        server = new CloudServer(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void asksWithASignatureThatTheServerAccepts() {
        JsonNode answer = client(Clouds.keys()).call(ZONES.with("keyword", "zone öne & two + *~"));
        assertThat(answer.isObject()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{\"message\":\"upstream\"}}", "{}", "[]", "17", "{\"a\":{},\"b\":{}}"})
    void explainsAProxysJsonInsteadOfCloudStacks(String body) {
        server.fail("listZones", json(502, body));
        assertThat(failure(() -> client(Clouds.keys()).call(ZONES)))
                .hasMessageContaining("status 502")
                .satisfies(CloudStackClientTest::isUnavailable);
    }

    private static Fault json(int status, String body) {
        return new Fault.Json(status, body);
    }

    @Test
    void saysThatKeysOrClockAreWrong() {
        ApiKeys wrong = new ApiKeys(CloudServer.API_KEY, "wrong-secret-key");
        assertThat(failure(() -> client(wrong).call(ZONES)))
                .hasMessageContaining("error 401")
                .hasMessageContaining("clock")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-11));
        CloudStackClient late =
                new CloudStackClient(server.endpoint(), AUTHORITIES, Clouds.keys(), Clouds.REQUEST_TIMEOUT, behind);
        assertThat(failure(() -> late.call(ZONES))).hasMessageContaining("error 401");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 404, 502})
    void explainsHtmlInsteadOfJson(int status) {
        server.fail("listZones", new Fault.Html(status));
        assertThat(failure(() -> client(Clouds.keys()).call(ZONES)))
                .hasMessageContaining(server.endpoint().getAuthority())
                .hasMessageContaining("status " + status)
                .hasMessageContaining("/client/api")
                .hasMessageContaining("proxy")
                .satisfies(CloudStackClientTest::isUnavailable);
    }

    @Test
    void explainsAWrongPath() {
        URI wrong = URI.create(server.endpoint().toString().replace("/client/api", "/elsewhere"));
        CloudStackClient client =
                new CloudStackClient(wrong, AUTHORITIES, Clouds.keys(), Clouds.REQUEST_TIMEOUT, Clock.systemUTC());
        assertThat(failure(() -> client.call(ZONES)))
                .hasMessageContaining("status 404")
                .satisfies(CloudStackClientTest::isUnavailable);
    }

    @Test
    void saysThatNobodyListensAndThatNothingWasSent() {
        server.close();
        ApiReply reply = client(Clouds.keys()).ask(ZONES);
        assertThat(reply).isInstanceOfSatisfying(ApiReply.Silence.class, silence -> {
            assertThat(silence.mayHaveArrived()).isFalse();
            assertThat(silence.why())
                    .hasMessageContaining("cannot be reached")
                    .satisfies(CloudStackClientTest::isUnavailable);
        });
    }

    @Test
    void saysThatAReplyWasLostAndThatTheRequestMayHaveArrived() {
        server.fail("listZones", new Fault.LostReply());
        assertThat(client(Clouds.keys()).ask(ZONES)).isInstanceOfSatisfying(ApiReply.Silence.class, silence -> {
            assertThat(silence.mayHaveArrived()).isTrue();
            assertThat(silence.why()).hasMessageContaining("broke the connection");
        });
    }

    @Test
    void doesNotWaitForASlowServerForEver() {
        server.fail("listZones", new Fault.Slow(Duration.ofSeconds(2)));
        CloudStackClient hasty =
                new CloudStackClient(server.endpoint(), AUTHORITIES, Clouds.keys(), SHORT, Clock.systemUTC());
        assertThat(failure(() -> hasty.call(ZONES)))
                .hasMessageContaining("does not answer within 150 ms")
                .satisfies(CloudStackClientTest::isUnavailable);
    }

    @Test
    void doesNotWaitForABodyThatNeverEnds() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerHalf(socket));
            answering.start();
            URI endpoint = URI.create("http://127.0.0.1:%d/client/api".formatted(socket.getLocalPort()));
            CloudStackClient hasty =
                    new CloudStackClient(endpoint, AUTHORITIES, Clouds.keys(), SHORT, Clock.systemUTC());
            assertThat(failure(() -> hasty.call(ZONES))).satisfies(CloudStackClientTest::isUnavailable);
            answering.interrupt();
        }
    }

    private static void answerHalf(ServerSocket socket) {
        try (var connection = socket.accept()) {
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
            Thread.sleep(5000);
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt(); // the test has seen enough
        }
    }

    @Test
    void letsNoKeyOrSignatureIntoUrlsOrFailures() {
        CloudStackClient client = client(Clouds.keys());
        server.fail(
                "listZones",
                new Fault.Refused(
                        431, "you sent apiKey=%s and %s".formatted(CloudServer.API_KEY, CloudServer.SECRET_KEY)),
                new Fault.Html(500),
                new Fault.LostReply(),
                new Fault.Refused(530, "signature"));
        for (int i = 0; i < 4; i++) {
            String signature = "signature=";
            StringWriter all = new StringWriter();
            failure(() -> client.call(ZONES)).printStackTrace(new PrintWriter(all, true));
            assertThat(all.toString())
                    .doesNotContain(CloudServer.API_KEY, CloudServer.SECRET_KEY, signature)
                    .doesNotContain(server.last("listZones").required("signature"));
        }
        assertThat(server.urls()).containsOnly("/client/api");
        assertThat(Clouds.settings(server).toString()).doesNotContain(CloudServer.API_KEY, CloudServer.SECRET_KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://cloud/client/api",
                "cloud",
                "https://user:secret@cloud/client/api",
                "https://cloud/client/api?command=x",
                "file:///client/api"
            })
    void refusesWhatIsNoEndpointWithoutRepeatingWhatMayBeSecret(String text) {
        assertThatThrownBy(() ->
                        new CloudStackClient(URI.create(text), AUTHORITIES, Clouds.keys(), SHORT, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://cloud.example.com/client/api")
                .hasMessageNotContaining("secret");
    }

    private CloudStackClient client(ApiKeys keys) {
        return new CloudStackClient(server.endpoint(), AUTHORITIES, keys, Clouds.REQUEST_TIMEOUT, Clock.systemUTC());
    }

    private static VolumeException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        VolumeException e = catchThrowableOfType(VolumeException.class, call);
        assertThat(e).isNotNull();
        return e;
    }

    private static void isUnavailable(VolumeException e) {
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    }
}
