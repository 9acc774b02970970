package io.migratekit.job.report;

/** How a worker says that a replication stands. Only the ledger says that it is whole. */
public enum WorkerStatus implements Worded {
    QUEUED("Queued"),
    PREPARING("Preparing"),
    SNAPSHOTTING("Snapshotting"),
    STREAMING("Streaming"),
    FINALIZING("Finalizing"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String text;

    WorkerStatus(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
