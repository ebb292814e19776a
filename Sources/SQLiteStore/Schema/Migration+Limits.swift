extension Migration {
    /// Concurrency limits.
    ///
    /// limits: name as in the model's `Limit`. tasks.uses: `name=units`, separated by commas. tasks.parked_on: the queue of a
    /// limit in which a ready task waits; claims read the other tasks only. Held slots follow from leases and runs.
    static let limits = Migration(
        number: 8,
        sql: """
            CREATE TABLE limits (
                tenant INTEGER NOT NULL REFERENCES tenants,
                name TEXT NOT NULL,
                size INTEGER NOT NULL CHECK (size > 0),
                PRIMARY KEY (tenant, name)
            ) STRICT, WITHOUT ROWID;

            ALTER TABLE tasks ADD COLUMN uses TEXT;
            ALTER TABLE tasks ADD COLUMN parked_on TEXT;
            DROP INDEX tasks_queue;
            CREATE INDEX tasks_queue ON tasks (tenant, ready_at, position) WHERE ready_at IS NOT NULL AND parked_on IS NULL;
            CREATE INDEX tasks_parked ON tasks (tenant, parked_on, ready_at, position) WHERE parked_on IS NOT NULL;
            CREATE INDEX runs_going ON runs (tenant, configuration) WHERE configuration IS NOT NULL AND state BETWEEN 1 AND 4;
            """)
}
