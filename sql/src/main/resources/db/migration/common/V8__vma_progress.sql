-- What workers on the source side report of the replications that they run. Reports are for people and pollers: what is
-- whole is decided by the ledger alone. One row per job, with the names that the columns have in the original's
-- replication_jobs, and one per disk.

CREATE TABLE vma_progress (
    job_id                   VARCHAR(191)  NOT NULL,
    vma_status               VARCHAR(32)   NOT NULL,
    vma_current_phase        VARCHAR(100)  NOT NULL,
    vma_sync_type            VARCHAR(50),
    progress_percent         DOUBLE        NOT NULL DEFAULT 0,
    bytes_transferred        BIGINT        NOT NULL DEFAULT 0,
    total_bytes              BIGINT        NOT NULL DEFAULT 0,
    transfer_speed_bps       BIGINT        NOT NULL DEFAULT 0,
    vma_eta_seconds          BIGINT,
    vma_error_classification VARCHAR(50),
    vma_error_details        LONGTEXT,
    reported_at              DATETIME(6)   NOT NULL,
    PRIMARY KEY (job_id),
    CONSTRAINT vma_progress_job FOREIGN KEY (job_id) REFERENCES replication_jobs (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE vma_disk_progress (
    job_id            VARCHAR(191) NOT NULL,
    disk_id           VARCHAR(100) NOT NULL,
    status            VARCHAR(32)  NOT NULL,
    bytes_transferred BIGINT       NOT NULL DEFAULT 0,
    total_bytes       BIGINT       NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, disk_id),
    CONSTRAINT vma_disk_progress_report FOREIGN KEY (job_id) REFERENCES vma_progress (job_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
