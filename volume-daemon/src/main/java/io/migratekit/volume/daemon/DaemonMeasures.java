package io.migratekit.volume.daemon;

import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.http.Measures;
import io.migratekit.volume.operation.Ledger;
import io.migratekit.volume.operation.OperationTimes;
import io.migratekit.volume.operation.VolumeOperations;
import java.util.List;
import java.util.Set;

/** Asks those who know. */
record DaemonMeasures(Ledger ledger, FreeSpace space, VolumeOperations work, ExportEngine engine, Keeper keeper)
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
        return space.names();
    }

    @Override
    public double freeBytes(String backend) {
        return space.bytes(backend);
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
