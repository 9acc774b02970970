package io.migratekit.target;

import io.migratekit.source.SourceException;
import io.migratekit.source.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** An upstream with patience, which says that it rests. */
class RestingHost implements Upstream {
    private final BooleanSupplier serves;

    RestingHost(BooleanSupplier serves) {
        this.serves = serves;
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Optional<String> failed(String seen) throws SourceException {
        return Optional.of("the host rests");
    }

    @Override
    public boolean serves() {
        return serves.getAsBoolean();
    }
}
