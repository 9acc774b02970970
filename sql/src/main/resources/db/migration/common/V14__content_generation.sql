-- How often a volume came to hold something else than what was written to its exports, or may have. Replications go on
-- incrementally only as long as it stays the same.

ALTER TABLE ossea_volumes ADD COLUMN content_generation BIGINT NOT NULL DEFAULT 0;

UPDATE ossea_volumes
SET content_generation = (
    SELECT COUNT(*) FROM volume_operations o
    JOIN volume_operation_volumes v ON v.operation_id = o.id
    WHERE v.volume_id = ossea_volumes.volume_id
        AND o.type IN ('revert', 'attach', 'attach-root', 'reinstate')
        AND (o.vm_id IS NULL OR o.vm_id <> 'oma')
        AND (o.status <> 'failed' OR EXISTS (
            SELECT 1 FROM volume_operation_steps s WHERE s.operation_id = o.id AND s.state <> 'undone'))
);
