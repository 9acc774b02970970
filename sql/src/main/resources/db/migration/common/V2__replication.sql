-- Machines, their disks, and what was replicated of them. Runs on H2 (MODE=MySQL), MariaDB and MySQL 8.
-- DATETIME columns are UTC, for people. Order by id or by a sequence: MariaDB through Connector/J may drop fractions.
-- Names that the original has keep their meaning; a disk hangs on its context, never on a job.

CREATE TABLE vm_replication_contexts (
    context_id             VARCHAR(64)  NOT NULL,
    vm_name                VARCHAR(255) NOT NULL,
    kind                   VARCHAR(16)  NOT NULL DEFAULT 'vm', -- vm: added by a person; copy: the pair of a one-off copy
    vmware_vm_id           VARCHAR(255) NOT NULL DEFAULT '',
    vm_path                VARCHAR(500) NOT NULL DEFAULT '',
    vcenter_host           VARCHAR(255) NOT NULL DEFAULT '',
    datacenter             VARCHAR(255) NOT NULL DEFAULT '',
    current_status         VARCHAR(32)  NOT NULL DEFAULT 'discovered',
    current_job_id         VARCHAR(191),
    last_successful_job_id VARCHAR(191),
    total_jobs_run         INT          NOT NULL DEFAULT 0,
    successful_jobs        INT          NOT NULL DEFAULT 0,
    failed_jobs            INT          NOT NULL DEFAULT 0,
    created_at             DATETIME(6)  NOT NULL,
    updated_at             DATETIME(6)  NOT NULL,
    PRIMARY KEY (context_id),
    UNIQUE KEY vm_replication_contexts_name (vm_name, vcenter_host)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE vm_disks (
    id                   BIGINT       NOT NULL AUTO_INCREMENT,
    vm_context_id        VARCHAR(64)  NOT NULL,
    disk_key             VARCHAR(64)  NOT NULL,
    label                VARCHAR(255) NOT NULL DEFAULT '',
    source_ref           VARCHAR(2000) NOT NULL,
    target_ref           VARCHAR(700),            -- NULL: a one-off copy is done, and its target is free again
    target_size_bytes    BIGINT,                  -- as last seen; another size means another volume
    unsafe_target        TINYINT(1)   NOT NULL DEFAULT 0, -- the target offers no FLUSH, and the operator accepted it
    capacity_bytes       BIGINT,                  -- at the last restore point
    disk_change_id       VARCHAR(191),            -- of the last restore point; NULL: the next replication is full
    sync_status          VARCHAR(32)  NOT NULL DEFAULT 'pending',
    created_at           DATETIME(6)  NOT NULL,
    updated_at           DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY vm_disks_key (vm_context_id, disk_key),
    UNIQUE KEY vm_disks_target (target_ref),      -- two disks never share one target
    CONSTRAINT vm_disks_context FOREIGN KEY (vm_context_id)
        REFERENCES vm_replication_contexts (context_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE replication_jobs (
    id                     VARCHAR(191) NOT NULL,
    seq                    BIGINT       NOT NULL AUTO_INCREMENT,
    vm_context_id          VARCHAR(64),
    source_vm_name         VARCHAR(255) NOT NULL,
    replication_type       VARCHAR(16)  NOT NULL,           -- mode asked for: full, incremental, auto
    fallback_policy        VARCHAR(8)   NOT NULL DEFAULT 'auto',
    destination_is_zero    TINYINT(1)   NOT NULL DEFAULT 0, -- claimed by the operator
    unsafe_target          TINYINT(1)   NOT NULL DEFAULT 0,
    status                 VARCHAR(32)  NOT NULL DEFAULT 'pending',
    current_operation      VARCHAR(255),
    progress_percent       DOUBLE       NOT NULL DEFAULT 0,
    epoch                  BIGINT       NOT NULL DEFAULT 0, -- of the lease it runs under: an older one cannot write
    batch_execution_id     BIGINT,
    restarts               INT          NOT NULL DEFAULT 0,
    stop_requested         TINYINT(1)   NOT NULL DEFAULT 0,
    snapshot_id            VARCHAR(500),
    snapshot_generation    INT          NOT NULL DEFAULT 0, -- grows when a lost snapshot had to be replaced
    total_bytes            BIGINT       NOT NULL DEFAULT 0, -- capacity of all disks
    planned_bytes          BIGINT       NOT NULL DEFAULT 0, -- what has to be read
    bytes_transferred      BIGINT       NOT NULL DEFAULT 0,
    bytes_zeroed           BIGINT       NOT NULL DEFAULT 0,
    bytes_skipped          BIGINT       NOT NULL DEFAULT 0,
    bytes_recopied         BIGINT       NOT NULL DEFAULT 0,
    transfer_speed_bps     BIGINT       NOT NULL DEFAULT 0,
    copy_millis            BIGINT       NOT NULL DEFAULT 0,
    commit_millis          BIGINT       NOT NULL DEFAULT 0,
    error_message          LONGTEXT,
    error_kind             VARCHAR(32),
    created_at             DATETIME(6)  NOT NULL,
    updated_at             DATETIME(6)  NOT NULL,
    started_at             DATETIME(6),
    completed_at           DATETIME(6),
    PRIMARY KEY (id),
    UNIQUE KEY replication_jobs_seq (seq),
    KEY replication_jobs_vm (source_vm_name),
    CONSTRAINT replication_jobs_context FOREIGN KEY (vm_context_id)
        REFERENCES vm_replication_contexts (context_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE replication_disks (
    job_id              VARCHAR(191) NOT NULL,
    vm_disk_id          BIGINT       NOT NULL,
    disk_key            VARCHAR(64)  NOT NULL,
    source_ref          VARCHAR(2000) NOT NULL,
    target_ref          VARCHAR(700) NOT NULL,
    state               VARCHAR(16)  NOT NULL DEFAULT 'prepared', -- prepared, planned, copied, promoted
    sync_type           VARCHAR(16)  NOT NULL,                    -- full or incremental, as decided
    mode_reason         LONGTEXT     NOT NULL,
    capacity_bytes      BIGINT       NOT NULL,
    target_size_bytes   BIGINT       NOT NULL,
    target_is_zero      TINYINT(1)   NOT NULL DEFAULT 0,
    partitions          INT          NOT NULL DEFAULT 1,
    previous_change_id  VARCHAR(191),
    change_id           VARCHAR(191),
    map_generation      INT          NOT NULL DEFAULT 0, -- which change map: another snapshot has another one
    rest_kind           VARCHAR(16),                     -- ZERO or UNCHANGED: what blocks outside the map are
    data_bytes          BIGINT       NOT NULL DEFAULT 0,
    bytes_copied        BIGINT       NOT NULL DEFAULT 0,
    bytes_zeroed        BIGINT       NOT NULL DEFAULT 0,
    bytes_skipped       BIGINT       NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, disk_key),
    CONSTRAINT replication_disks_job FOREIGN KEY (job_id) REFERENCES replication_jobs (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The ranges that a disk is copied in, side by side; their cursors are in the step contexts of Spring Batch.
CREATE TABLE replication_ranges (
    job_id         VARCHAR(191) NOT NULL,
    disk_key       VARCHAR(64)  NOT NULL,
    map_generation INT          NOT NULL,
    range_index    INT          NOT NULL,
    from_bytes     BIGINT       NOT NULL,
    until_bytes    BIGINT       NOT NULL,
    PRIMARY KEY (job_id, disk_key, map_generation, range_index),
    CONSTRAINT replication_ranges_disk FOREIGN KEY (job_id, disk_key)
        REFERENCES replication_disks (job_id, disk_key) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What is to be copied, as bitmaps of blocks, in segments that tile the disk.
CREATE TABLE change_map_segments (
    job_id         VARCHAR(191) NOT NULL,
    disk_key       VARCHAR(64)  NOT NULL,
    map_generation INT          NOT NULL,
    from_bytes     BIGINT       NOT NULL,
    until_bytes    BIGINT       NOT NULL,
    block_bytes    INT          NOT NULL,
    data_bytes     BIGINT       NOT NULL,
    blocks         LONGBLOB     NOT NULL,
    PRIMARY KEY (job_id, disk_key, map_generation, from_bytes),
    CONSTRAINT change_map_segments_disk FOREIGN KEY (job_id, disk_key)
        REFERENCES replication_disks (job_id, disk_key) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE cbt_history (
    id                    BIGINT       NOT NULL AUTO_INCREMENT,
    vm_context_id         VARCHAR(64)  NOT NULL,
    job_id                VARCHAR(191) NOT NULL, -- no foreign key: history outlives its job
    disk_id               VARCHAR(64)  NOT NULL,
    change_id             VARCHAR(191),
    previous_change_id    VARCHAR(191),
    sync_type             VARCHAR(16)  NOT NULL,
    bytes_transferred     BIGINT       NOT NULL DEFAULT 0,
    sync_duration_seconds BIGINT       NOT NULL DEFAULT 0,
    sync_success          TINYINT(1)   NOT NULL DEFAULT 0,
    created_at            DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT cbt_history_context FOREIGN KEY (vm_context_id)
        REFERENCES vm_replication_contexts (context_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A moment at which every disk of a machine was whole on its target.
CREATE TABLE restore_points (
    id            BIGINT       NOT NULL AUTO_INCREMENT,
    vm_context_id VARCHAR(64)  NOT NULL,
    job_id        VARCHAR(191) NOT NULL,
    snapshot_name VARCHAR(255) NOT NULL,
    unsafe_target TINYINT(1)   NOT NULL DEFAULT 0,
    created_at    DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY restore_points_job (job_id),
    CONSTRAINT restore_points_context FOREIGN KEY (vm_context_id)
        REFERENCES vm_replication_contexts (context_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE restore_point_disks (
    restore_point_id BIGINT       NOT NULL,
    disk_key         VARCHAR(64)  NOT NULL,
    target_ref       VARCHAR(700) NOT NULL,
    change_id        VARCHAR(191),
    capacity_bytes   BIGINT       NOT NULL,
    PRIMARY KEY (restore_point_id, disk_key),
    CONSTRAINT restore_point_disks_point FOREIGN KEY (restore_point_id)
        REFERENCES restore_points (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who may work on a machine. A row stays for ever, so that its epoch only grows.
CREATE TABLE vm_leases (
    vm_context_id        VARCHAR(64)  NOT NULL, -- no foreign key: the epoch outlives a removed machine
    epoch                BIGINT       NOT NULL,
    held                 TINYINT(1)   NOT NULL,
    owner_id             VARCHAR(64)  NOT NULL,
    host                 VARCHAR(255) NOT NULL,
    pid                  BIGINT       NOT NULL,
    process_start_millis BIGINT       NOT NULL,
    job_id               VARCHAR(191) NOT NULL,
    heartbeat_millis     BIGINT       NOT NULL, -- by the database's clock
    timeout_millis       BIGINT       NOT NULL,
    PRIMARY KEY (vm_context_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE verification_jobs (
    id                 VARCHAR(191) NOT NULL,
    seq                BIGINT       NOT NULL AUTO_INCREMENT,
    vm_context_id      VARCHAR(64)  NOT NULL,
    source_vm_name     VARCHAR(255) NOT NULL,
    status             VARCHAR(32)  NOT NULL DEFAULT 'pending',
    percent            DOUBLE       NOT NULL,
    seed               BIGINT       NOT NULL,
    epoch              BIGINT       NOT NULL DEFAULT 0,
    batch_execution_id BIGINT,
    stop_requested     TINYINT(1)   NOT NULL DEFAULT 0,
    bytes_total        BIGINT       NOT NULL DEFAULT 0,
    bytes_compared     BIGINT       NOT NULL DEFAULT 0,
    bytes_excluded     BIGINT       NOT NULL DEFAULT 0,
    bytes_different    BIGINT       NOT NULL DEFAULT 0,
    differences        BIGINT       NOT NULL DEFAULT 0,
    error_message      LONGTEXT,
    created_at         DATETIME(6)  NOT NULL,
    updated_at         DATETIME(6)  NOT NULL,
    completed_at       DATETIME(6),
    PRIMARY KEY (id),
    UNIQUE KEY verification_jobs_seq (seq),
    CONSTRAINT verification_jobs_context FOREIGN KEY (vm_context_id)
        REFERENCES vm_replication_contexts (context_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE verification_differences (
    id           BIGINT       NOT NULL AUTO_INCREMENT,
    job_id       VARCHAR(191) NOT NULL,
    disk_key     VARCHAR(64)  NOT NULL,
    offset_bytes BIGINT       NOT NULL,
    length_bytes BIGINT       NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT verification_differences_job FOREIGN KEY (job_id) REFERENCES verification_jobs (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
