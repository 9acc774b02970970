package io.migratekit.volume.daemon;

import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.http.Measures;
import io.migratekit.volume.operation.Backends;
import io.migratekit.volume.operation.Ledger;
import io.migratekit.volume.operation.OperationTimes;
import io.migratekit.volume.operation.VolumeOperations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Asks those who know. */
record DaemonMeasures(Ledger ledger, Backends sources, VolumeOperations work, ExportEngine engine, Keeper keeper)
        implements Measures {
    private static final OperationTimes NONE = new OperationTimes(0, 0);

    @Override
    public long volumes() {
        return ledger.volumes().count();
    }

    @Override
    public long exports() {
        return engine.names().size();
    }

    @Override
    public long clients() {
        return engine.clients();
    }

    @Override
    public long operations(OperationStatus status) {
        return ledger.operations().count(status);
    }

    @Override
    public long underWay() {
        return work.underWay();
    }

    @Override
    public Set<String> operationTypes() {
        return work.times().keySet();
    }

    @Override
    public long operationsEnded(String type) {
        return work.times().getOrDefault(type, NONE).count();
    }

    @Override
    public double operationSeconds(String type) {
        return work.times().getOrDefault(type, NONE).nanos() / 1e9;
    }

    @Override
    public List<String> backends() {
        return sources.all().stream().map(VolumeBackend::name).toList();
    }

    @Override
    public double freeBytes(String backend) {
        Optional<VolumeBackend> source = sources.all().stream()
                .filter(each -> each.name().equals(backend))
                .findFirst();
        OptionalLong free = source.isPresent() ? source.get().freeBytes() : OptionalLong.empty();
        return free.isPresent() ? free.getAsLong() : Double.NaN;
    }

    @Override
    public long volumeBytes(String backend) {
        return ledger.volumes().all().stream()
                .filter(volume -> volume.backend().equals(backend))
                .mapToLong(Volume::sizeBytes)
                .sum();
    }

    @Override
    public double heartbeatAgeSeconds() {
        return keeper.ageSeconds();
    }
}
