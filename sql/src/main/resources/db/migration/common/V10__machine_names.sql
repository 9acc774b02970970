-- One name is one machine that people added, whichever vCenter it is in; commands name machines by it alone. Copies have
-- names of their own. Of two with one name the older keeps it; the other one's id tells them apart.

UPDATE vm_replication_contexts
SET vm_name = CONCAT(LEFT(vm_name, 180), ' (', context_id, ')')
WHERE context_id IN (
    SELECT context_id FROM (
        SELECT DISTINCT c.context_id FROM vm_replication_contexts c
        JOIN vm_replication_contexts o ON o.vm_name = c.vm_name AND o.kind = c.kind
            AND (o.created_at < c.created_at OR (o.created_at = c.created_at AND o.context_id < c.context_id))
    ) younger
);

ALTER TABLE vm_replication_contexts DROP INDEX vm_replication_contexts_name;
ALTER TABLE vm_replication_contexts ADD CONSTRAINT vm_replication_contexts_kind_name UNIQUE (kind, vm_name);
