-- The file system on which a target image was last seen, so that one that is not mounted is told from one that is gone.

ALTER TABLE vm_disks ADD COLUMN target_store VARCHAR(500);
