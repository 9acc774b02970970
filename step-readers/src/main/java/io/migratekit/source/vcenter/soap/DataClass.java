package io.migratekit.source.vcenter.soap;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A generated data object's fields, which are named as the XML elements are. In the order of the schema: those of the
 * base types first, each as declared.
 */
final class DataClass {
    private static final String PACKAGE = "com.vmware.vim25.";

    private static final ClassValue<DataClass> ALL = new ClassValue<>() {
        @Override
        protected DataClass computeValue(Class<?> type) {
            return new DataClass(type);
        }
    };

    private final Map<String, Field> fields = new LinkedHashMap<>();

    private DataClass(Class<?> type) {
        Deque<Class<?>> lineage = new ArrayDeque<>();
        for (Class<?> each = type; each != null && each.getName().startsWith(PACKAGE); each = each.getSuperclass()) {
            lineage.push(each);
        }
        for (Class<?> each : lineage) {
            for (Field field : each.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers)) {
                    fields.put(field.getName(), field);
                }
            }
        }
    }

    static DataClass of(Class<?> type) {
        return ALL.get(type);
    }

    /** Finds the class of an API type, if it is not newer than the data objects. */
    static Optional<Class<?>> named(String type) {
        if (!type.chars().allMatch(Character::isLetterOrDigit)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Class.forName(PACKAGE + type, true, DataClass.class.getClassLoader()));
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            return Optional.empty();
        }
    }

    Collection<Field> fields() {
        return fields.values();
    }

    Optional<Field> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
