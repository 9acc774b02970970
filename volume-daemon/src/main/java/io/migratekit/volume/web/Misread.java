package io.migratekit.volume.web;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with JSON that cannot be read, in words for whoever wrote it: our classes are nothing to him. */
final class Misread {
    private static final int CHARACTERS_MAX = 300;

    private Misread() {}

    /** Returns what is wrong, and where. */
    static String text(JacksonException failure) {
        if (failure instanceof UnrecognizedPropertyException unknown) {
            return "there is no field '%s'; those there are: %s"
                    .formatted(
                            brief(unknown.getPropertyName()),
                            unknown.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (failure instanceof InvalidTypeIdException type) {
            return type.getTypeId() == null
                    ? "the field '%s' is missing; it says what is asked for".formatted(field(failure, "type"))
                    : "'%s' is nothing that can be asked for in '%s'; the documentation lists the types"
                            .formatted(brief(type.getTypeId()), field(failure, "type"));
        }
        if (failure instanceof StreamReadException && !(failure instanceof InputCoercionException)) {
            return "the body is no JSON as it is needed, near %s: %s".formatted(place(failure), words(failure));
        }
        if (failure instanceof MismatchedInputException && words(failure).startsWith("Null value")) {
            return "the field '%s' is missing".formatted(field(failure));
        }
        return failure.getPath().isEmpty()
                ? "the body is not what is needed: one JSON object"
                : "the field '%s' is missing, or its value is not of its type or range, near %s"
                        .formatted(field(failure), place(failure));
    }

    private static String field(JacksonException failure, String last) {
        String path = field(failure);
        return path.isEmpty() ? last : path + "." + last;
    }

    private static String field(JacksonException failure) {
        List<JacksonException.Reference> path = failure.getPath();
        return path.stream()
                .map(step -> step.getPropertyName() == null
                        ? Integer.toString(step.getIndex())
                        : brief(step.getPropertyName()))
                .collect(Collectors.joining("."));
    }

    private static String place(JacksonException failure) {
        return failure.getLocation() == null
                ? "its beginning"
                : "line %d, column %d"
                        .formatted(
                                failure.getLocation().getLineNr(),
                                failure.getLocation().getColumnNr());
    }

    private static String words(JacksonException failure) {
        return brief(String.valueOf(failure.getOriginalMessage()));
    }

    private static String brief(String text) {
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "…";
    }
}
