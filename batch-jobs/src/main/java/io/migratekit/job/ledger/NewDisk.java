package io.migratekit.job.ledger;

import io.migratekit.job.TargetRef;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import java.util.Optional;

/**
 * A disk that is to be added to a machine.
 *
 * @param key identity within the machine
 * @param source where it is read
 * @param target where it is written; empty if the first replication shall make a volume for it
 */
public record NewDisk(DiskKey key, SourceRef source, Optional<TargetRef> target) {}
