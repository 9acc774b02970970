package io.migratekit.shell.vma;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON object of a request, of which every field must be known: one that is mistyped would be missed silently. */
final class Fields {
    private final Map<?, ?> values;

    private Fields(Map<?, ?> values) {
        this.values = values;
    }

    /**
     * Takes a request's object.
     *
     * @param body nothing, if the request has none
     * @throws IllegalArgumentException if it has other fields than those, or a password
     */
    static Fields of(@Nullable Map<?, ?> body, Set<String> known) {
        Map<?, ?> values = body == null ? Map.of() : body;
        if (values.containsKey("password")) {
            throw new IllegalArgumentException(
                    "passwords of vCenters are kept sealed and never sent: add the account here with 'vcenter add', and leave the password out");
        }
        values.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("there is no field '%s'; those there are: %s"
                            .formatted(
                                    name,
                                    String.join(", ", known.stream().sorted().toList())));
                });
        return new Fields(values);
    }

    /** Returns a text; empty if it is missing, null or blank. */
    Optional<String> text(String name) {
        Object value = values.get(name);
        if (value != null && !(value instanceof String)) {
            throw wrong(name, value, "a text");
        }
        return Optional.ofNullable((String) value).filter(text -> !text.isBlank());
    }

    /**
     * Returns a text.
     *
     * @throws IllegalArgumentException if it is missing
     */
    String required(String name) {
        return text(name).orElseThrow(() -> new IllegalArgumentException("the field '%s' is missing".formatted(name)));
    }

    /** Returns a whole number; empty if it is missing or null. */
    OptionalLong whole(String name) {
        Object value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            if (value instanceof Number number) {
                return OptionalLong.of(new BigDecimal(number.toString()).longValueExact());
            }
        } catch (ArithmeticException e) {
            throw wrong(name, value, "a whole number below 2^63");
        }
        throw wrong(name, value, "a whole number");
    }

    /** Returns a number; 0 if it is missing or null. */
    double number(String name) {
        Object value = values.get(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, value, "a number");
    }

    /** Returns the objects of a list; none if it is missing or null. */
    List<Fields> objects(String name, Set<String> known) {
        Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(name, value, "a list of objects");
        }
        List<Fields> objects = new ArrayList<>();
        for (Object entry : list) {
            if (!(entry instanceof Map<?, ?> object)) {
                throw wrong(name, String.valueOf(entry), "a list of objects");
            }
            objects.add(of(object, known));
        }
        return objects;
    }

    private static IllegalArgumentException wrong(String name, Object value, String needed) {
        String shown = String.valueOf(value);
        return new IllegalArgumentException("the field '%s' is %s; %s is needed"
                .formatted(name, shown.substring(0, Math.min(shown.length(), 100)), needed));
    }
}
