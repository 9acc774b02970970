package io.migratekit.volume.daemon;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.VolumeDaemon;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.export.ExportEngines;
import io.migratekit.volume.local.LocalBackend;
import io.migratekit.volume.local.LocalSettings;
import io.migratekit.volume.local.Tools;
import io.migratekit.volume.operation.Backends;
import io.migratekit.volume.operation.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The back ends that are configured. All that keep volumes stay reachable; the settings say where new volumes go. */
final class OpenBackends implements AutoCloseable {
    private final LocalBackend local;
    private final Backends backends;

    private OpenBackends(LocalBackend local, Backends backends) {
        this.local = local;
        this.backends = backends;
    }

    /**
     * Opens them.
     *
     * @throws VolumeException of kind REFUSED if a cloud is wished for and none is configured, or as {@link
     *     LocalBackend#open} and {@link LocalPool#check}
     */
    static OpenBackends open(
            MigrateKitSettings settings, String installationId, BackendSource source, LocalPool pool, Ledger ledger) {
        VolumeDaemon volumes = settings.volumes();
        Optional<VolumeBackend> cloud = source.active(installationId);
        if (volumes.backend() == VolumeDaemon.Backend.CLOUDSTACK && cloud.isEmpty()) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "migratekit.volumes.backend is cloudstack, and no OSSEA configuration is active; add one with 'ossea add', or set it to local");
        }
        LocalBackend local = LocalBackend.open(new LocalSettings(
                volumes.pool().orElseGet(() -> settings.home().resolve("volumes")),
                format(volumes),
                volumes.reserve().toBytes(),
                volumes.overcommit(),
                installationId,
                Tools.onPath()));
        try {
            pool.check(local);
        } catch (RuntimeException e) {
            local.close();
            throw e;
        }
        List<VolumeBackend> all = new ArrayList<>(ordered(volumes.backend(), local, cloud));
        all.addAll(needed(source.others(installationId), ledger));
        return new OpenBackends(local, new Backends(all));
    }

    /** Those that keep volumes, or may have an operation under way; the others need not even answer. */
    private static List<VolumeBackend> needed(List<VolumeBackend> others, Ledger ledger) {
        if (others.isEmpty() || !ledger.operations().unfinished().isEmpty()) {
            return others;
        }
        Set<String> keeping =
                ledger.volumes().all().stream().map(Volume::backend).collect(Collectors.toSet());
        return others.stream()
                .filter(backend -> keeping.contains(backend.name()))
                .toList();
    }

    /** An image that the engine cannot serve could never be replicated to. */
    private static VolumeDaemon.Format format(VolumeDaemon volumes) {
        boolean raw = volumes.format() == VolumeDaemon.Format.AUTO && !ExportEngines.servesQcow2(volumes.engine());
        return raw ? VolumeDaemon.Format.RAW : volumes.format();
    }

    Backends backends() {
        return backends;
    }

    @Override
    public void close() {
        local.close();
    }

    private static List<VolumeBackend> ordered(
            VolumeDaemon.Backend wish, VolumeBackend local, Optional<VolumeBackend> cloud) {
        if (cloud.isEmpty()) {
            return List.of(local);
        }
        return switch (wish) {
            case LOCAL -> List.of(local, cloud.get());
            case AUTO, CLOUDSTACK -> List.of(cloud.get(), local);
        };
    }
}
