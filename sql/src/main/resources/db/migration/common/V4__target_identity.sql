-- Which image file a target is, beyond its name and size; NULL where that cannot be told.

ALTER TABLE vm_disks ADD COLUMN target_identity VARCHAR(100);
ALTER TABLE replication_disks ADD COLUMN target_identity VARCHAR(100);
