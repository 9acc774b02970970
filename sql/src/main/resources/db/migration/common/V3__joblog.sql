-- The joblog: every job, its steps and its events, for people and for the console.

CREATE TABLE job_tracking (
    id              VARCHAR(191) NOT NULL,
    seq             BIGINT       NOT NULL AUTO_INCREMENT,
    parent_job_id   VARCHAR(191),
    job_type        VARCHAR(32)  NOT NULL,
    operation       VARCHAR(500) NOT NULL,
    status          VARCHAR(16)  NOT NULL, -- pending, running, completed, failed, cancelled
    external_job_id VARCHAR(191),
    context_id      VARCHAR(64),
    owner           VARCHAR(255),
    error_message   LONGTEXT,
    started_at      DATETIME(6),
    completed_at    DATETIME(6),
    created_at      DATETIME(6)  NOT NULL,
    updated_at      DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY job_tracking_seq (seq),
    CONSTRAINT job_tracking_parent FOREIGN KEY (parent_job_id) REFERENCES job_tracking (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE job_steps (
    id            BIGINT       NOT NULL AUTO_INCREMENT,
    job_id        VARCHAR(191) NOT NULL,
    seq           INT          NOT NULL,
    name          VARCHAR(200) NOT NULL,
    status        VARCHAR(16)  NOT NULL, -- running, completed, failed, stopped
    started_at    DATETIME(6)  NOT NULL,
    completed_at  DATETIME(6),
    error_message LONGTEXT,
    PRIMARY KEY (id),
    UNIQUE KEY job_steps_seq (job_id, seq),
    CONSTRAINT job_steps_job FOREIGN KEY (job_id) REFERENCES job_tracking (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE log_events (
    id      BIGINT        NOT NULL AUTO_INCREMENT,
    job_id  VARCHAR(191),
    step_id BIGINT,
    level   VARCHAR(8)    NOT NULL,
    code    VARCHAR(64)   NOT NULL, -- what kind of event, stable: fallback, reconnect, snapshot.lost, ...
    message LONGTEXT      NOT NULL,
    ts      DATETIME(6)   NOT NULL,
    PRIMARY KEY (id),
    KEY log_events_job (job_id, id),
    CONSTRAINT log_events_job_fk FOREIGN KEY (job_id) REFERENCES job_tracking (id) ON DELETE SET NULL,
    CONSTRAINT log_events_step_fk FOREIGN KEY (step_id) REFERENCES job_steps (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
