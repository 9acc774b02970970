package io.migratekit.job.report;

/** How a worker says that one disk stands. */
public enum DiskStatus implements Worded {
    QUEUED("Queued"),
    SNAPSHOTTING("Snapshotting"),
    STREAMING("Streaming"),
    COMPLETED("Completed"),
    FAILED("Failed");

    private final String text;

    DiskStatus(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
