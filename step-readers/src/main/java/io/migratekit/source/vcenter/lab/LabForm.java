package io.migratekit.source.vcenter.lab;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names and values for the lab's control; a name may be there several times. */
final class LabForm {
    private final List<String> fields = new ArrayList<>();

    LabForm add(String name, String value) {
        fields.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        return this;
    }

    /** Puts a value in place of those that the name has. */
    LabForm set(String name, String value) {
        fields.removeIf(field -> field.startsWith(name + "="));
        return add(name, value);
    }

    LabForm add(String name, long value) {
        return add(name, Long.toString(value));
    }

    LabForm add(String name, boolean value) {
        return add(name, Boolean.toString(value));
    }

    /** Bytes, each as the letter of its number, which the form's coding leaves as they are. */
    LabForm add(String name, byte[] value) {
        String letters = new String(value, StandardCharsets.ISO_8859_1);
        fields.add(name + "=" + URLEncoder.encode(letters, StandardCharsets.ISO_8859_1));
        return this;
    }

    String encoded() {
        return String.join("&", fields);
    }
}
