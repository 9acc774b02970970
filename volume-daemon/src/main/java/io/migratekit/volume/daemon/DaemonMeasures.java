package io.migratekit.volume.daemon;

import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.http.Measures;
import io.migratekit.volume.operation.Ledger;
import io.migratekit.volume.operation.VolumeOperations;

/** Asks those who know. */
record DaemonMeasures(Ledger ledger, VolumeOperations operations, ExportEngine engine, Keeper keeper)
        implements Measures {
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
        return operations.underWay();
    }

    @Override
    public double heartbeatAgeSeconds() {
        return keeper.ageSeconds();
    }
}
