package io.migratekit.source.vcenter.property;

import com.vmware.vim25.ManagedObjectReference;
import java.util.Map;
import java.util.Optional;

/**
 * What an object answered.
 *
 * @param object it
 * @param values by path; one that is unset, or that the user may not see, is missing
 */
public record PropertyRow(ManagedObjectReference object, Map<String, Object> values) {
    public PropertyRow {
        values = Map.copyOf(values);
    }

    /** Returns a value, if there is one of that type. */
    public <T> Optional<T> get(String path, Class<T> type) {
        return Optional.ofNullable(values.get(path)).filter(type::isInstance).map(type::cast);
    }

    /** Returns a text, if there is one that is not empty. */
    public Optional<String> text(String path) {
        return get(path, String.class).filter(text -> !text.isBlank());
    }

    /** Tells whether a value is there and true. */
    public boolean is(String path) {
        return get(path, Boolean.class).orElse(false);
    }

    /** Returns the object's reference without its type, as in vm-16. */
    public String id() {
        return object.getVal();
    }
}
