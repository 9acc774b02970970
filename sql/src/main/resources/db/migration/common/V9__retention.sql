-- What is deleted after a while is found by its age, and a target's last job by the target.

CREATE INDEX log_events_ts ON log_events (ts);
CREATE INDEX cbt_history_created ON cbt_history (created_at);
CREATE INDEX replication_disks_target ON replication_disks (target_ref);
