package io.migratekit.shell.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A CloudStack on loopback that lists what it is told to list, to whoever signs with the right keys. */
final class ScriptedCloud implements AutoCloseable {
    static final String API_KEY = "api-key-of-the-account";
    static final String SECRET_KEY = "secret-key-of-the-account";

    private static final String CALLS =
            "attachVolume createSnapshot createTags createVolume deleteSnapshot deleteVolume deployVirtualMachine"
                    + " destroyVirtualMachine detachVolume listAccounts listDiskOfferings listNetworks"
                    + " listServiceOfferings listSnapshots listTemplates listVirtualMachines listVolumes listZones"
                    + " queryAsyncJobResult resizeVolume revertSnapshot startVirtualMachine stopVirtualMachine";

    static {
        // Else each reply waits 40 ms for the acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private volatile String secretKey = SECRET_KEY;

    ScriptedCloud() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/client/api", this::answer);
        http.start();
        offer("listZones", "zone", "z-1", "eu one", "z-2", "eu two");
        rows.put("listDiskOfferings", """
                {"count":2,"diskoffering":[{"id":"d-1","name":"Custom","iscustomized":true},
                {"id":"d-2","name":"Small","iscustomized":false,"disksize":20}]}""");
        offer("listServiceOfferings", "serviceoffering", "s-1", "medium");
        offer("listNetworks", "network", "n-1", "net", "n-2", "twin", "n-3", "twin");
        offer("listTemplates", "template", "t-1", "empty");
        rows.put("listVirtualMachines", "{\"count\":1,\"virtualmachine\":[{\"id\":\"vm-oma\",\"name\":\"oma\"}]}");
        String apis = Arrays.stream(CALLS.split(" ", -1))
                .map("{\"name\":\"%s\"}"::formatted)
                .collect(Collectors.joining(","));
        rows.put("listApis", "{\"count\":1,\"api\":[" + apis + "]}");
    }

    /** Lists these from now on: ids and names in turn. */
    void offer(String command, String element, String... idsAndNames) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < idsAndNames.length; i += 2) {
            list.append("%s{\"id\":\"%s\",\"name\":\"%s\",\"zoneid\":\"z-1\"}"
                    .formatted(i == 0 ? "" : ",", idsAndNames[i], idsAndNames[i + 1]));
        }
        rows.put(command, "{\"count\":%d,\"%s\":[%s]}".formatted(idsAndNames.length / 2, element, list));
    }

    /** Knows another secret key from now on. */
    void renew(String key) {
        secretKey = key;
    }

    String url() {
        return "http://127.0.0.1:%d/client/api".formatted(http.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> fields =
                    fields(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            String command = fields.getOrDefault("command", "");
            boolean signed = signature(fields).equals(fields.get("signature")) && API_KEY.equals(fields.get("apiKey"));
            String content = signed
                    ? narrowed(rows.getOrDefault(command, "{}"), fields.get("id"))
                    : "{\"errorcode\":401,\"errortext\":\"unable to verify user credentials\"}";
            byte[] reply = "{\"%sresponse\":%s}"
                    .formatted(command.toLowerCase(Locale.ROOT), content)
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(signed ? 200 : 401, reply.length);
            exchange.getResponseBody().write(reply);
        }
    }

    /** A listing by id has the one with that id. */
    private static String narrowed(String list, @Nullable String id) {
        if (id == null) {
            return list;
        }
        int at = list.indexOf("{\"id\":\"" + id + "\"");
        if (at < 0) {
            return "{}";
        }
        String element = list.substring(list.indexOf(",\"") + 2, list.indexOf("\":["));
        return "{\"count\":1,\"%s\":[%s]}".formatted(element, list.substring(at, list.indexOf('}', at) + 1));
    }

    private static Map<String, String> fields(String body) {
        Map<String, String> fields = new TreeMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            fields.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return fields;
    }

    /** As the API reference has it: sorted, in lower case, without the signature itself. No value here needs escapes. */
    private String signature(Map<String, String> fields) {
        String text = fields.entrySet().stream()
                .filter(field -> !field.getKey().equals("signature"))
                .map(field -> (field.getKey() + "="
                                + URLEncoder.encode(field.getValue(), UTF_8).replace("+", "%20"))
                        .toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining("&"));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secretKey.getBytes(UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
