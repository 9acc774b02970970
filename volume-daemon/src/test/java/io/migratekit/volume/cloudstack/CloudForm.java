package io.migratekit.volume.cloudstack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of one request to {@link CloudServer}. */
record CloudForm(Map<String, String> fields) {
    String command() {
        return required("command");
    }

    String required(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new CloudError(
                    431,
                    "Unable to execute API command %s due to missing parameter %s"
                            .formatted(fields.get("command"), name));
        }
        return value;
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** Returns whether a listing's parameter, if given, has that value. */
    boolean matches(String name, String value) {
        return optional(name).map(value::equals).orElse(true);
    }

    /** Returns {@code tags[0].key=} and so on. */
    List<String> indexed(String name, String part) {
        List<String> values = new ArrayList<>();
        for (int i = 0; fields.containsKey("%s[%d].%s".formatted(name, i, part)); i++) {
            values.add(required("%s[%d].%s".formatted(name, i, part)));
        }
        return values;
    }
}
