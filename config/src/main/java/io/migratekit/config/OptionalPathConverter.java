package io.migratekit.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;

/** Reads settings that are paths and may be left out; Spring reads paths, and what may be left out, but not both at once. */
final class OptionalPathConverter implements ConditionalGenericConverter {
    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return Set.of(new ConvertiblePair(String.class, Optional.class));
    }

    @Override
    public boolean matches(TypeDescriptor source, TypeDescriptor target) {
        return target.getResolvableType().getGeneric(0).resolve() == Path.class;
    }

    @Override
    public Object convert(@Nullable Object source, TypeDescriptor from, TypeDescriptor to) {
        return source == null || source.toString().isBlank()
                ? Optional.empty()
                : Optional.of(Path.of(source.toString().strip()));
    }
}
