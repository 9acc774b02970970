package io.migratekit.volume.cloudstack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A thing with the fields that a listing shows, and its tags. */
final class CloudRow {
    private static final JsonMapper JSON = JsonMapper.shared();

    final Map<String, Object> fields = new LinkedHashMap<>();
    final Map<String, String> tags = new LinkedHashMap<>();

    CloudRow(String id, String name) {
        set("id", id).set("name", name);
    }

    CloudRow set(String field, @Nullable Object value) {
        if (value == null) {
            fields.remove(field);
        } else {
            fields.put(field, value);
        }
        return this;
    }

    String text(String field) {
        return String.valueOf(fields.getOrDefault(field, ""));
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    long number(String field) {
        return ((Number) fields.getOrDefault(field, 0)).longValue();
    }

    ObjectNode json() {
        ObjectNode node = JSON.createObjectNode();
        fields.forEach((name, value) -> {
            if (value instanceof List<?> rows) {
                ArrayNode array = node.putArray(name);
                rows.forEach(inner -> array.add(((CloudRow) inner).json()));
            } else {
                node.set(name, JSON.valueToTree(value));
            }
        });
        ArrayNode shown = node.putArray("tags");
        tags.forEach((key, value) ->
                shown.add(JSON.createObjectNode().put("key", key).put("value", value)));
        return node;
    }
}
