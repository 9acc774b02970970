package io.migratekit.volume.operation;

import io.migratekit.volume.ledger.ExportLedger;
import io.migratekit.volume.ledger.OperationJournal;
import io.migratekit.volume.ledger.SnapshotLedger;
import io.migratekit.volume.ledger.StepJournal;
import io.migratekit.volume.ledger.VolumeLedger;

/**
 * All that the daemon keeps in the database.
 *
 * @param volumes volumes and where they are attached
 * @param exports exports and their epochs
 * @param snapshots snapshot sets
 * @param operations what was asked and how it ended
 * @param steps what was done
 */
public record Ledger(
        VolumeLedger volumes,
        ExportLedger exports,
        SnapshotLedger snapshots,
        OperationJournal operations,
        StepJournal steps) {}
