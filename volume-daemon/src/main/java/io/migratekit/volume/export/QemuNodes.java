package io.migratekit.volume.export;

import io.migratekit.volume.ExportName;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * How an export looks in qemu-storage-daemon: an NBD export whose id is its name, on a format node named after it, on a
 * file node named after the image's identity. So QEMU itself refuses a second export of an image.
 */
final class QemuNodes {
    private final QmpSession qmp;

    QemuNodes(QmpSession qmp) {
        this.qmp = qmp;
    }

    /** An export that is there. */
    record Present(ImageFile image, boolean readOnly) {}

    /** Opens an image and offers it. What is refused leaves nothing behind. */
    void offer(ExportName name, ImageFile image, boolean readOnly) throws IOException {
        String node = node(name);
        qmp.execute("blockdev-add", nodeDescription(node, image, readOnly));
        try {
            Map<String, Object> export = new HashMap<>(Map.of("type", "nbd", "id", name.toString()));
            export.put("name", name.toString());
            export.put("node-name", node);
            export.put("writable", !readOnly);
            export.put("bitmaps", image.bitmaps() ? bitmaps(node) : List.of());
            qmp.execute("block-export-add", export);
        } catch (QmpRefusal e) {
            attempt("blockdev-del", Map.of("node-name", node));
            throw e;
        }
    }

    /**
     * Tries to end an export and to close its image.
     *
     * @return empty if that is proven, else what stands in the way
     */
    Optional<String> end(ExportName name, ImageFile image) throws IOException {
        Optional<String> ended = attempt("block-export-del", Map.of("id", name.toString(), "mode", "hard"));
        Optional<String> closed = attempt("blockdev-del", Map.of("node-name", node(name)));
        if (closed.isEmpty() || isFree(node(name))) {
            return isFree(image.identity()) ? Optional.empty() : Optional.of("its image is still open");
        }
        return closed.or(() -> ended);
    }

    /** Returns the exports that there are, whoever added them. */
    List<ExportName> names() throws IOException {
        List<ExportName> names = new ArrayList<>();
        for (JsonNode export : qmp.execute("query-block-exports")) {
            names.add(ExportName.parse(export.path("id").asString("")));
        }
        return names;
    }

    /**
     * Returns the exports that there are with their images, and closes images of which no export is left because
     * somebody died half-way. Holds up all requests for a moment; not to be asked often.
     */
    Map<ExportName, Present> survey() throws IOException {
        Map<String, JsonNode> nodes = new TreeMap<>();
        Map<String, String> identities = new HashMap<>();
        for (JsonNode node : qmp.execute("query-named-block-nodes", Map.of("flat", true))) {
            String nodeName = node.path("node-name").asString("");
            nodes.put(nodeName, node);
            if (nodeName.startsWith("f")) {
                identities.put(node.path("file").asString(""), nodeName);
            }
        }
        Map<ExportName, Present> present = new HashMap<>();
        for (ExportName name : names()) {
            JsonNode node = nodes.remove(node(name));
            if (node != null) {
                String file = node.path("file").asString("");
                present.put(name, present(node, file, identities.getOrDefault(file, "")));
            }
        }
        for (String left : nodes.keySet()) {
            if (left.startsWith("x")) {
                attempt("blockdev-del", Map.of("node-name", left));
            }
        }
        return present;
    }

    private static Present present(JsonNode node, String file, String identity) {
        Image.Format format = node.path("drv").asString("").equals("qcow2") ? Image.Format.QCOW2 : Image.Format.RAW;
        return new Present(
                ImageFile.opened(Path.of(file), format, identity),
                node.path("ro").asBoolean(false));
    }

    /**
     * Tells whether nothing has that node name: QEMU lets an empty node take it. This costs nothing, while a list of all
     * nodes would hold up everybody's requests; and a name is only free once its file is closed.
     */
    private boolean isFree(String nodeName) throws IOException {
        Optional<String> taken =
                attempt("blockdev-add", Map.of("driver", "null-co", "node-name", nodeName, "read-zeroes", true));
        if (taken.isPresent()) {
            return false;
        }
        qmp.execute("blockdev-del", Map.of("node-name", nodeName));
        return true;
    }

    /** Bitmaps that a crash left unfinished cannot be offered. */
    private List<String> bitmaps(String nodeName) throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode node : qmp.execute("query-named-block-nodes", Map.of("flat", true))) {
            if (node.path("node-name").asString("").equals(nodeName)) {
                for (JsonNode bitmap : node.path("dirty-bitmaps")) {
                    if (!bitmap.path("inconsistent").asBoolean(false)) {
                        names.add(bitmap.path("name").asString(""));
                    }
                }
            }
        }
        return names;
    }

    private Optional<String> attempt(String command, Map<String, ?> arguments) throws IOException {
        try {
            qmp.execute(command, arguments);
            return Optional.empty();
        } catch (QmpRefusal e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Map<String, Object> nodeDescription(String node, ImageFile image, boolean readOnly) {
        Map<String, Object> file = new HashMap<>(Map.of("driver", image.device() ? "host_device" : "file"));
        file.put("node-name", image.identity());
        file.put("filename", image.path().toString());
        Map<String, Object> format = new HashMap<>(Map.of("node-name", node, "file", file));
        format.put("driver", image.format() == Image.Format.QCOW2 ? "qcow2" : "raw");
        for (Map<String, Object> each : List.of(file, format)) {
            each.put("read-only", readOnly);
            each.put("discard", "unmap");
            each.put("detect-zeroes", "off"); // whoever writes has looked for zeros already
        }
        return format;
    }

    private static String node(ExportName name) {
        return ImageFile.token('x', name.toString());
    }
}
