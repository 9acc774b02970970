-- Volumes, where they are attached, how they are exported, and every operation on them.

CREATE TABLE ossea_configs (
    id                  BIGINT       NOT NULL AUTO_INCREMENT,
    name                VARCHAR(100) NOT NULL,
    api_url             VARCHAR(500) NOT NULL,
    api_key_sealed      VARCHAR(2000) NOT NULL, -- sealed under the vault's key, which is not in this database
    secret_key_sealed   VARCHAR(2000) NOT NULL,
    domain              VARCHAR(255) NOT NULL DEFAULT '',
    zone                VARCHAR(64)  NOT NULL DEFAULT '',
    template_id         VARCHAR(64)  NOT NULL DEFAULT '',
    network_id          VARCHAR(64)  NOT NULL DEFAULT '',
    service_offering_id VARCHAR(64)  NOT NULL DEFAULT '',
    disk_offering_id    VARCHAR(64)  NOT NULL DEFAULT '',
    oma_vm_id           VARCHAR(64)  NOT NULL DEFAULT '',
    is_active           TINYINT(1)   NOT NULL DEFAULT 0,
    created_at          DATETIME(6)  NOT NULL,
    updated_at          DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ossea_configs_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A row is there as long as the volume is. No foreign key to the VM: a volume outlives a VM that is forgotten.
CREATE TABLE ossea_volumes (
    id            BIGINT       NOT NULL AUTO_INCREMENT,
    volume_id     VARCHAR(64)  NOT NULL,          -- the UUID that its back end gave it
    volume_name   VARCHAR(255) NOT NULL,
    vm_context_id VARCHAR(64),
    backend       VARCHAR(120) NOT NULL,          -- local, or ossea:NAME
    size_bytes    BIGINT       NOT NULL,
    size_gb       BIGINT       NOT NULL,          -- rounded up
    status        VARCHAR(32)  NOT NULL,          -- available, attached, error
    status_reason LONGTEXT,
    clone_of_set  VARCHAR(64),
    created_at    DATETIME(6)  NOT NULL,
    updated_at    DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ossea_volumes_volume (volume_id),
    UNIQUE KEY ossea_volumes_name (volume_name),
    KEY ossea_volumes_vm (vm_context_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A row is there as long as the volume is attached.
CREATE TABLE device_mappings (
    volume_uuid          VARCHAR(64)  NOT NULL,
    vm_context_id        VARCHAR(64),
    vm_id                VARCHAR(255) NOT NULL,
    operation_mode       VARCHAR(16)  NOT NULL, -- oma: this appliance; failover: another VM, never exported
    cloudstack_device_id INT,
    device_path          VARCHAR(700),          -- NULL in failover mode
    created_at           DATETIME(6)  NOT NULL,
    updated_at           DATETIME(6)  NOT NULL,
    PRIMARY KEY (volume_uuid),
    UNIQUE KEY device_mappings_path (device_path),
    CONSTRAINT device_mappings_volume FOREIGN KEY (volume_uuid) REFERENCES ossea_volumes (volume_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Rows stay for ever, so that no name is used twice and the epoch of a volume only grows.
CREATE TABLE nbd_exports (
    id            BIGINT       NOT NULL AUTO_INCREMENT,
    volume_id     VARCHAR(64)  NOT NULL,
    vm_context_id VARCHAR(64),
    epoch         BIGINT       NOT NULL,
    export_name   VARCHAR(191) NOT NULL,
    read_only     TINYINT(1)   NOT NULL DEFAULT 0,
    status        VARCHAR(16)  NOT NULL,          -- pending, active, ended
    engine        VARCHAR(16)  NOT NULL DEFAULT '',
    uri           VARCHAR(1000),
    operation_id  VARCHAR(64)  NOT NULL,          -- that took the epoch
    created_at    DATETIME(6)  NOT NULL,
    updated_at    DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY nbd_exports_name (export_name),
    UNIQUE KEY nbd_exports_epoch (volume_id, epoch),
    UNIQUE KEY nbd_exports_operation (operation_id),
    KEY nbd_exports_status (status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE volume_operations (
    id              VARCHAR(64)  NOT NULL,
    seq             BIGINT       NOT NULL AUTO_INCREMENT,
    idempotency_key VARCHAR(191) NOT NULL,
    type            VARCHAR(32)  NOT NULL,
    status          VARCHAR(16)  NOT NULL,        -- pending, executing, completed, failed
    undoing         TINYINT(1)   NOT NULL DEFAULT 0, -- it has failed, and what it did is being undone
    volume_id       VARCHAR(64),                  -- where it is one; all of them are in volume_operation_volumes
    vm_id           VARCHAR(255),
    snapshot_set_id VARCHAR(64),
    request         LONGTEXT     NOT NULL,
    error_kind      VARCHAR(32),
    error           LONGTEXT,
    created_at      DATETIME(6)  NOT NULL,
    updated_at      DATETIME(6)  NOT NULL,
    completed_at    DATETIME(6),
    PRIMARY KEY (id),
    UNIQUE KEY volume_operations_seq (seq),
    UNIQUE KEY volume_operations_key (idempotency_key),
    KEY volume_operations_status (status),
    KEY volume_operations_volume (volume_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE volume_operation_volumes (
    operation_id VARCHAR(64) NOT NULL,
    volume_id    VARCHAR(64) NOT NULL, -- no foreign key: the journal outlives volumes
    PRIMARY KEY (operation_id, volume_id),
    KEY volume_operation_volumes_volume (volume_id),
    CONSTRAINT volume_operation_volumes_operation FOREIGN KEY (operation_id)
        REFERENCES volume_operations (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The journal: a step is written here before it begins, and again when it has taken effect.
CREATE TABLE volume_operation_steps (
    operation_id VARCHAR(64)  NOT NULL,
    seq          INT          NOT NULL,
    name         VARCHAR(200) NOT NULL,
    state        VARCHAR(16)  NOT NULL, -- started, completed, undone, left
    memory       LONGTEXT     NOT NULL, -- JSON: what the step must remember across a crash
    started_at   DATETIME(6)  NOT NULL,
    completed_at DATETIME(6),
    PRIMARY KEY (operation_id, seq),
    CONSTRAINT volume_operation_steps_operation FOREIGN KEY (operation_id)
        REFERENCES volume_operations (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE volume_snapshot_sets (
    id            VARCHAR(64) NOT NULL,
    seq           BIGINT      NOT NULL AUTO_INCREMENT,
    vm_context_id VARCHAR(64) NOT NULL,
    status        VARCHAR(16) NOT NULL, -- creating, ready, reverting, deleting
    created_at    DATETIME(6) NOT NULL,
    updated_at    DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY volume_snapshot_sets_seq (seq),
    KEY volume_snapshot_sets_vm (vm_context_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE volume_snapshots (
    set_id    VARCHAR(64) NOT NULL,
    volume_id VARCHAR(64) NOT NULL,
    PRIMARY KEY (set_id, volume_id),
    CONSTRAINT volume_snapshots_set FOREIGN KEY (set_id) REFERENCES volume_snapshot_sets (id) ON DELETE CASCADE,
    CONSTRAINT volume_snapshots_volume FOREIGN KEY (volume_id) REFERENCES ossea_volumes (volume_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which process is the daemon. One row, which stays, so that its epoch only grows.
CREATE TABLE volume_daemon_lease (
    id                   INT          NOT NULL,
    epoch                BIGINT       NOT NULL,
    held                 TINYINT(1)   NOT NULL,
    owner_id             VARCHAR(64)  NOT NULL,
    host                 VARCHAR(255) NOT NULL,
    pid                  BIGINT       NOT NULL,
    process_start_millis BIGINT       NOT NULL,
    endpoint             VARCHAR(500) NOT NULL, -- where others reach it; empty if it serves its own process alone
    heartbeat_millis     BIGINT       NOT NULL, -- by the database's clock
    timeout_millis       BIGINT       NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
