package io.migratekit.job.report;

/** What a worker is at. */
public enum Stage implements Worded {
    DISCOVER("Discover"),
    ENABLE_CBT("EnableCBT"),
    QUERY_CBT("QueryCBT"),
    SNAPSHOT("Snapshot"),
    PREPARE_VOLUMES("PrepareVolumes"),
    START_EXPORTS("StartExports"),
    TRANSFER("Transfer"),
    FINALIZE("Finalize"),
    PERSIST_CHANGE_IDS("PersistChangeIDs");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
