-- The account by which a VM was found when it was added: the first one that it is read by. Empty: nobody knows.
ALTER TABLE vm_replication_contexts ADD COLUMN credential_name VARCHAR(100) NOT NULL DEFAULT '';
