package io.migratekit.job.ledger;

import io.migratekit.job.TargetRef;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;

/**
 * A disk that is to be added to a machine.
 *
 * @param key identity within the machine
 * @param source where it is read
 * @param target where it is written
 */
public record NewDisk(DiskKey key, SourceRef source, TargetRef target) {}
