package io.migratekit.volume.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A talk with QEMU in its machine protocol (docs/interop/qmp-spec of QEMU): one JSON object a line, each command
 * answered in its turn, events between. QEMU talks with one client at a time; the next one waits for its greeting.
 * Confined to one thread; any failure but a {@link QmpRefusal} ends it, and what the last command did is unknown then.
 */
final class QmpSession implements Closeable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final QmpLines lines;
    private final Duration timeout;
    private long lastId;

    private QmpSession(QmpLines lines, Duration timeout) {
        this.lines = lines;
        this.timeout = timeout;
    }

    /**
     * Connects and agrees on the protocol.
     *
     * @param timeout for each answer
     */
    static QmpSession open(Path socket, Duration timeout) throws IOException {
        QmpLines lines = QmpLines.connect(socket);
        try {
            QmpSession session = new QmpSession(lines, timeout);
            session.greet(socket);
            return session;
        } catch (IOException | RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    /** Gives a command without arguments. */
    JsonNode execute(String command) throws IOException {
        return execute(command, Map.of());
    }

    /**
     * Gives a command and waits for its answer.
     *
     * @return what it returns
     * @throws QmpRefusal if QEMU says no
     */
    JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        long id = ++lastId;
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("execute", command);
        question.put("arguments", arguments);
        question.put("id", id);
        lines.send((JSON.writeValueAsString(question) + "\n").getBytes(StandardCharsets.UTF_8), timeout);
        JsonNode answer = answer(command, id);
        JsonNode error = answer.get("error");
        if (error != null) {
            throw new QmpRefusal(
                    command,
                    error.path("class").asString("?"),
                    error.path("desc").asString("it does not say why"));
        }
        return answer.path("return");
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private void greet(Path socket) throws IOException {
        if (!next().has("QMP")) {
            throw new IOException("what listens at %s does not speak QMP".formatted(socket));
        }
        execute("qmp_capabilities");
    }

    private JsonNode answer(String command, long id) throws IOException {
        JsonNode message = next();
        while (message.has("event")) {
            message = next();
        }
        if (message.path("id").asLong(0) != id || !(message.has("return") || message.has("error"))) {
            throw new IOException("what came for QMP command %d (%s) is no answer to it".formatted(id, command));
        }
        return message;
    }

    private JsonNode next() throws IOException {
        byte[] line = lines.receive(timeout);
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            throw new IOException("a line of %d bytes is no QMP: %s".formatted(line.length, e.getOriginalMessage()), e);
        }
    }
}
