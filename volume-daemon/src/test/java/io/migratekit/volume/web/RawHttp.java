package io.migratekit.volume.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Requests as a stranger's program sends them, without our client.
 *
 * @param endpoint of the server, without a slash at its end
 */
public record RawHttp(String endpoint) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Returns the header of whoever has the token. */
    public static String bearer(Path tokenFile) throws IOException {
        return "Bearer " + Files.readString(tokenFile).strip();
    }

    /** Asks; without a header if {@code authorization} is empty. */
    public HttpResponse<String> get(String path, String authorization) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(endpoint + path)), authorization);
    }

    /** Sends a body as JSON. */
    public HttpResponse<String> post(String path, HttpRequest.BodyPublisher body, String authorization)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + path))
                .header("Content-Type", "application/json")
                .POST(body);
        return send(request, authorization);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String authorization) throws IOException {
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
