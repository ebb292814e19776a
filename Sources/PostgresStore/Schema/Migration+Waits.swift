extension Migration {
    /// Tasks that wait for work outside, which are `running` or `stopping` and are claimed again when they are due.
    ///
    /// runs.called_by_run, called_by_task: the task that started a run and waits for it. tasks.wait: a JSON object with what the next
    /// check needs; NULL for other tasks. ready_tasks.uses: the units of resources that such a task holds without a lease. The constraint
    /// is not checked against older rows: all of them obey the stricter one before.
    static let waits = Migration(
        number: 33,
        sql: """
            ALTER TABLE tasks ADD COLUMN wait text COLLATE "C";
            ALTER TABLE runs ADD COLUMN called_by_run text COLLATE "C";
            ALTER TABLE runs ADD COLUMN called_by_task text COLLATE "C";
            ALTER TABLE tasks DROP CONSTRAINT tasks_check;
            ALTER TABLE tasks ADD CONSTRAINT tasks_ready CHECK (ready_at IS NULL OR state IN (0, 2, 3, 5)) NOT VALID;
            ALTER TABLE ready_tasks ADD COLUMN uses text COLLATE "C";
            CREATE INDEX ready_tasks_waiting ON ready_tasks (tenant) WHERE uses IS NOT NULL;
            """)
}
