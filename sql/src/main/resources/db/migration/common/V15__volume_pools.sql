-- Which pool the local volumes are kept in: the id that the pool carries itself. A folder without it is another one, such
-- as a mount point whose file system is not mounted, or the pool of another machine.

CREATE TABLE volume_pools (
    backend    VARCHAR(120) NOT NULL,
    pool_id    VARCHAR(64)  NOT NULL,
    updated_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (backend)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
