extension Migration {
    /// Tasks that wait for work outside, which are `running` or `stopping` and are claimed again when they are due.
    ///
    /// runs.called_by_run, called_by_task: the task that started a run and waits for it. wait: a JSON object with what the next check
    /// needs; NULL for other tasks. They hold their units of resources without a lease.
    static let waits = Migration(
        number: 36,
        sql: """
            ALTER TABLE tasks ADD COLUMN wait TEXT;
            ALTER TABLE runs ADD COLUMN called_by_run TEXT;
            ALTER TABLE runs ADD COLUMN called_by_task TEXT;
            CREATE INDEX tasks_waiting ON tasks (tenant) WHERE wait IS NOT NULL AND uses IS NOT NULL;
            """,
        rewordings: [
            Rewording(
                table: "tasks", old: "ready_at IS NULL OR state IN (0, 2)",
                new: "ready_at IS NULL OR state = 0 OR state = 2 OR state = 3 OR state = 5")
        ])
}
