package io.migratekit.config.vault;

/** Every column that holds sealed secrets. One that is missing here would be lost when keys are rotated. */
public enum SealedColumn {
    OSSEA_API_KEY("ossea_configs", "name", "api_url", "api_key_sealed", "API key of OSSEA configuration"),
    OSSEA_SECRET_KEY("ossea_configs", "name", "api_url", "secret_key_sealed", "secret key of OSSEA configuration"),
    VMWARE_PASSWORD(
            "vmware_credentials", "credential_name", "vcenter_host", "password_sealed", "password of credentials");

    private final String table;
    private final String nameColumn;
    private final String endpointColumn;
    private final String column;
    private final String words;

    SealedColumn(String table, String nameColumn, String endpointColumn, String column, String words) {
        this.table = table;
        this.nameColumn = nameColumn;
        this.endpointColumn = endpointColumn;
        this.column = column;
        this.words = words;
    }

    String table() {
        return table;
    }

    String nameColumn() {
        return nameColumn;
    }

    String endpointColumn() {
        return endpointColumn;
    }

    String column() {
        return column;
    }

    /** Returns what the secret is, for messages. */
    String words() {
        return words;
    }
}
