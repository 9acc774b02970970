package io.migratekit.volume.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.operation.Backends;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class FreeSpaceTest {

    @Test
    void letsNobodyWaitForABackEndThatHangsAndAsksItOnce() {
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<OptionalLong> silence = new CompletableFuture<>();
        VolumeBackend hanging = backend("cloud", () -> {
            asked.incrementAndGet();
            return silence.join();
        });
        VolumeBackend quick = backend("local", () -> OptionalLong.of(4096));
        try (FreeSpace space = new FreeSpace(new Backends(List.of(hanging, quick)))) {
            assertThat(space.names()).containsExactly("cloud", "local");
            assertThat(space.bytes("cloud")).isNaN();
            assertThat(space.bytes("cloud")).isNaN();
            assertThat(space.bytes("local")).isEqualTo(4096);
            assertThat(asked).hasValue(1);
            silence.complete(OptionalLong.of(512));
            assertThat(space.bytes("cloud")).isEqualTo(512);
        }
    }

    @Test
    void tellsNoFigureWhereThereIsNone() {
        VolumeBackend unlimited = backend("cloud", OptionalLong::empty);
        VolumeBackend broken = backend("local", () -> {
            throw new VolumeException(VolumeException.Kind.UNAVAILABLE, "the pool is away");
        });
        try (FreeSpace space = new FreeSpace(new Backends(List.of(unlimited, broken)))) {
            assertThat(space.bytes("cloud")).isNaN();
            assertThat(space.bytes("local")).isNaN();
            assertThat(space.bytes("nobody")).isNaN();
        }
    }

    /** A back end that has a name and tells what is free; nothing else is asked. */
    private static VolumeBackend backend(String name, Supplier<OptionalLong> free) {
        return (VolumeBackend) Proxy.newProxyInstance(
                VolumeBackend.class.getClassLoader(),
                new Class<?>[] {VolumeBackend.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "name" -> name;
                    case "freeBytes" -> free.get();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
