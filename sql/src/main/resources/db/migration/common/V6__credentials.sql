-- Credentials of clouds and vCenters. Columns named _sealed can only be opened with a key that is not in this database.

-- One row, which every sealing locks: no secret is sealed under a key that a rotation is about to drop.
CREATE TABLE vault (
    id         INT         NOT NULL,
    key_id     VARCHAR(16) NOT NULL, -- of the key that all secrets are sealed under; empty: there never was one
    updated_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO vault (id, key_id, updated_at) VALUES (1, '', '2026-01-01 00:00:00');

-- How the server's certificate is checked; by the system's authorities where nothing is said.
ALTER TABLE ossea_configs ADD COLUMN ca_file VARCHAR(1000) NOT NULL DEFAULT '';
ALTER TABLE ossea_configs ADD COLUMN thumbprint VARCHAR(128) NOT NULL DEFAULT '';
ALTER TABLE ossea_configs ADD COLUMN insecure TINYINT(1) NOT NULL DEFAULT 0;

CREATE TABLE vmware_credentials (
    id              BIGINT        NOT NULL AUTO_INCREMENT,
    credential_name VARCHAR(100)  NOT NULL,
    vcenter_host    VARCHAR(255)  NOT NULL,           -- host or host:port
    username        VARCHAR(255)  NOT NULL,
    password_sealed VARCHAR(2000) NOT NULL,
    datacenter      VARCHAR(255)  NOT NULL DEFAULT '',
    ca_file         VARCHAR(1000) NOT NULL DEFAULT '',
    thumbprint      VARCHAR(128)  NOT NULL DEFAULT '',
    insecure        TINYINT(1)    NOT NULL DEFAULT 0,
    is_active       TINYINT(1)    NOT NULL DEFAULT 1,
    is_default      TINYINT(1)    NOT NULL DEFAULT 0, -- at most one is
    last_used       DATETIME(6),
    usage_count     BIGINT        NOT NULL DEFAULT 0,
    created_at      DATETIME(6)   NOT NULL,
    updated_at      DATETIME(6)   NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY vmware_credentials_name (credential_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
