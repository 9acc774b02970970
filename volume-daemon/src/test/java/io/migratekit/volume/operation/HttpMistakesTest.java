package io.migratekit.volume.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.http.DaemonIdentity;
import io.migratekit.volume.http.Visits;
import io.migratekit.volume.http.VolumesServer;
import io.migratekit.volume.web.AccessToken;
import io.migratekit.volume.web.RawHttp;
import io.migratekit.volume.web.WebServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a program gets to read that asks for nonsense. Each is told what, which and what next, and nothing is stored. */
final class HttpMistakesTest extends VolumesFixture {
    private static final String OPERATIONS = "/api/v1/operations";
    private static final String ID = "7b0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11";

    @TempDir
    static Path folder;

    private static SwitchedVolumes served;
    private static VolumesServer server;
    private static RawHttp http;
    private static String bearer;

    @BeforeAll
    static void listen() throws IOException {
        served = new SwitchedVolumes();
        server = VolumesServer.start(
                new WebServer.Place("127.0.0.1", 0),
                new VolumesServer.Served(
                        served.volumes(),
                        new DaemonIdentity("installation", 7, 4711),
                        new FixedMeasures(),
                        AccessToken.ofServer(folder.resolve("token")),
                        new Visits()));
        http = new RawHttp("http://127.0.0.1:" + server.port());
        bearer = RawHttp.bearer(folder.resolve("token"));
    }

    @AfterAll
    static void stopListening() {
        server.close();
    }

    @Override
    Site site() {
        return new MemorySite();
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        served.serve(daemon);
        return daemon;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'create','name':'a','sizeBytes':0} | a volume of 0 bytes; a multiple of 512 above 0 is needed",
                "{'type':'create','name':'a'} | the field 'request.sizeBytes' is missing",
                "{'type':'create','name':'a','sizeBytes':-512} | a volume of -512 bytes; a multiple of 512 above 0",
                "{'type':'create','name':'a','sizeBytes':1000} | a volume of 1000 bytes; a multiple of 512 above 0",
                "{'type':'create','name':'a','sizeBytes':9223372036854775808} | 'request.sizeBytes'",
                "{'type':'create','name':'a','sizeBytes':1048576.5} | 'request.sizeBytes'",
                "{'type':'create','name':'a','sizeBytes':'1048576'} | 'request.sizeBytes'",
                "{'type':'create','name':'a','sizeBytes':null} | 'request.sizeBytes'",
                "{'type':'create','sizeBytes':512} | the field 'request.name' is missing",
                "{'type':'create','name':7,'sizeBytes':512} | 'request.name'",
                "{'type':'create','name':' a','sizeBytes':512} | ' a' is no name for a volume; 1 to 200 printable",
                "{'type':'create','name':'a','sizeBytes':512,'sizebytes':4096} | there is no field 'sizebytes'; those there are: context, name, sizeBytes",
                "{'type':'create','name':'a','sizeBytes':512,'sizeBytes':4096} | sizeBytes",
                "{'type':'resize','volume':'@','sizeBytes':0} | a volume of 0 bytes; a multiple of 512 above 0 is needed",
                "{'type':'resize','volume':'@','sizeBytes':513} | a volume of 513 bytes; a multiple of 512 above 0",
                "{'type':'attach','volume':'nobody','vmId':'oma','root':false} | 'nobody' is no volume id",
                "{'type':'attach','volume':'@','vmId':'','root':false} | attached to no VM; name one, or 'oma'",
                "{'type':'attach','volume':'@','root':true} | the field 'request.vmId' is missing",
                "{'type':'attach','volume':'@','vmId':'oma','root':'yes'} | 'request.root'",
                "{'type':'revert','set':'set-1'} | 'set-1' is no snapshot set id",
                "{'type':'shred','volume':'@'} | 'shred' is nothing that can be asked for in 'request.type'",
                "{'volume':'@'} | the field 'request.type' is missing",
                "null | the field 'request' is missing",
                "[] | 'request'",
            })
    void saysWhatIsWrongWithARequest(String request, String words) throws IOException {
        String json = "{\"key\":\"k\",\"request\":%s}"
                .formatted(request.replace('\'', '"').replace("@", ID));
        refused(post(json), 400, words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'create','name':'a','sizeBytes':512,'context':'#'} | 65 | a context of 65 characters; 1 to 64",
                "{'type':'snapshot','context':'#'} | 65 | a context of 65 characters; 1 to 64",
                "{'type':'clone','set':'set-@','context':'#'} | 65 | a context of 65 characters; 1 to 64",
                "{'type':'clone','set':'set-@','context':''} | 0 | a context of 0 characters; 1 to 64",
                "{'type':'attach','volume':'@','vmId':'#','root':false} | 256 | an id of 256 characters is no VM's",
            })
    void saysWhichWordsTheLedgerHasNoRoomFor(String request, int characters, String words) throws IOException {
        String json = request.replace('\'', '"').replace("@", ID).replace("#", "x".repeat(characters));
        refused(post("{\"key\":\"k\",\"request\":%s}".formatted(json)), 400, words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'key':'k' | the body is no JSON as it is needed, near line 1",
                "create a volume | the body is no JSON as it is needed, near line 1",
                "{} {} | 'key' is missing",
                "{'request':{'type':'delete','volume':'@'}} | the field 'key' is missing",
                "{'key':'','request':{'type':'delete','volume':'@'}} | a key of 0 characters; 1 to 191 are allowed",
                "[1,2] | the body is not what is needed",
                "'' | the body",
            })
    void saysWhatIsWrongWithABody(String body, String words) throws IOException {
        refused(post(body.equals("''") ? "" : body.replace('\'', '"').replace("@", ID)), 400, words);
    }

    @Test
    void wantsNoBodyThatIsLargerThanAnyRequest() throws IOException {
        byte[] large = ("{\"key\":\"" + "x".repeat(300 << 10) + "\"}").getBytes(UTF_8);
        refused(post(BodyPublishers.ofByteArray(large)), 413, "more than 262144 bytes");
        refused(
                post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))), // says no length
                413,
                "more than 262144 bytes");
    }

    @Test
    void letsNobodyAskForAnythingWithoutTheToken() throws IOException {
        String create = "{\"key\":\"k\",\"request\":{\"type\":\"create\",\"name\":\"a\",\"sizeBytes\":512}}";
        for (String wrong : List.of("", "Bearer ", "Bearer " + "0".repeat(64), "Basic cm9vdDpyb290", bearer + "x")) {
            HttpResponse<String> answer = http.post(OPERATIONS, BodyPublishers.ofString(create), wrong);
            problem(answer, 401, "the token is missing or wrong; send 'Authorization: Bearer'");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
        nothingHappened();
    }

    @Test
    void saysWhatIsWrongWithAnAddress() throws IOException {
        problem(http.get("/api/v1/volumes/no-uuid", bearer), 400, "'no-uuid' is no volume id");
        problem(http.get("/api/v1/volumes/" + ID, bearer), 404, "there is no volume " + ID);
        problem(http.get("/api/v1/operations/op-" + ID + "?waitMillis=0", bearer), 404, "there is no operation");
        problem(http.get("/api/v1/operations?max=0", bearer), 400, "1 to 10000 can be listed");
        problem(http.get("/api/v1/operations?max=many", bearer), 400, "many");
        problem(http.get("/api/v1/operations?max=5&status=strange", bearer), 400, "strange");
        problem(http.get("/api/v1/operations", bearer), 400, "max");
        problem(http.get("/api/v1/reconcile?repair=true", bearer), 405, "GET");
        problem(http.get("/api/v1/nothing", bearer), 404, "nothing");
        nothingHappened();
    }

    @Test
    void showsNothingOfItsInsidesToWhoDoesNotSpeakHttp() throws IOException {
        for (String line :
                List.of("GET /api/v1/volumes/%zz HTTP/1.1", "GET /{}|<> HTTP/1.1", "GET / HTTP/9.9", "hello")) {
            assertThat(spoken(line))
                    .as(line)
                    .matches("(?s)HTTP/1.1 (400|505) .*|")
                    .doesNotContain("Tomcat", "Exception", "at org.apache", "java.");
        }
    }

    @Test
    void attachesAsRootDisk() throws IOException {
        VolumeId id = create("a");
        String json =
                "{\"key\":\"root\",\"request\":{\"type\":\"attach\",\"volume\":\"%s\",\"vmId\":\"vm-7\",\"root\":true}}";
        HttpResponse<String> answer = post(json.formatted(id));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        OperationId operation = new OperationId(
                JsonMapper.shared().readTree(answer.body()).get("id").asString());
        HttpResponse<String> ended =
                http.get(OPERATIONS + "/%s?waitMillis=%d".formatted(operation, PATIENCE.toMillis()), bearer);
        assertThat(JsonMapper.shared().readTree(ended.body()).get("status").asString())
                .isEqualTo("COMPLETED");
        Attachment at = volumes.volume(id).orElseThrow().attachment().orElseThrow();
        assertThat(at.vmId()).isEqualTo("vm-7");
        assertThat(at.deviceNumber()).isEqualTo(OptionalInt.of(0));
        assertThat(at.mode()).isEqualTo(ExportMode.FAILOVER);
        assertThat(post(json.formatted(id)).statusCode())
                .as("the same key is the same operation")
                .isEqualTo(200);
        problem(post(json.formatted(id).replace("\"root\",", "\"again\",")), 422, "detach it first");
        assertThat(volumes.operations(OperationFilter.newest(10))).hasSize(2);
    }

    private HttpResponse<String> post(String body) throws IOException {
        return post(BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> post(BodyPublisher body) throws IOException {
        return http.post(OPERATIONS, body, bearer);
    }

    private void refused(HttpResponse<String> answer, int status, String words) {
        problem(answer, status, words);
        nothingHappened();
    }

    private void nothingHappened() {
        assertThat(volumes.operations(OperationFilter.newest(10))).isEmpty();
        assertThat(backend.owned()).isEmpty();
    }

    private static void problem(HttpResponse<String> answer, int status, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = JsonMapper.shared().readTree(answer.body());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("kind").asString()).isNotBlank();
        assertThat(problem.get("detail").asString())
                .contains(words)
                .doesNotContain("io.migratekit", "tools.jackson", "org.springframework", "java.lang", "\tat ");
    }

    /** Sends a line and returns what comes until the server hangs up. */
    private static String spoken(String line) throws IOException {
        URI place = URI.create(http.endpoint());
        try (Socket socket = new Socket(place.getHost(), place.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((line + "\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
