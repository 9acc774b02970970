-- Which installation this database belongs to. One row; volumes carry its id as their ownership tag.

CREATE TABLE installation (
    id              INT         NOT NULL,
    installation_id VARCHAR(64) NOT NULL,
    created_at      DATETIME(6) NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
