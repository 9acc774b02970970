package io.migratekit.volume.operation;

import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.http.Measures;
import java.util.List;
import java.util.Set;

/** Figures that a test knows; one of them cannot be measured. */
final class FixedMeasures implements Measures {
    @Override
    public long volumes() {
        return 12;
    }

    @Override
    public long exports() {
        return 2;
    }

    @Override
    public long clients() {
        throw new VolumeException(Kind.UNAVAILABLE, "who is connected cannot be told");
    }

    @Override
    public long operations(OperationStatus status) {
        return status == OperationStatus.COMPLETED ? 3 : 0;
    }

    @Override
    public long underWay() {
        return 1;
    }

    @Override
    public Set<String> operationTypes() {
        return Set.of("create");
    }

    @Override
    public long operationsEnded(String type) {
        return 3;
    }

    @Override
    public double operationSeconds(String type) {
        return 1.5;
    }

    @Override
    public List<String> backends() {
        return List.of("memory");
    }

    @Override
    public double freeBytes(String backend) {
        return 4096;
    }

    @Override
    public long volumeBytes(String backend) {
        return 8192;
    }

    @Override
    public double heartbeatAgeSeconds() {
        return 0.25;
    }
}
