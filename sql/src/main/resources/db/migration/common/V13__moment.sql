-- The moment that a snapshot holds, by the source's clock where it has one; NULL for those that were taken before this.

ALTER TABLE replication_jobs ADD COLUMN snapshot_moment DATETIME(6);
ALTER TABLE restore_points ADD COLUMN moment DATETIME(6);
