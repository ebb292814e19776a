extension Migration {
    /// Concurrency limits.
    ///
    /// limits: name as in the model's `Limit`. uses: `name=units`, separated by commas. ready_tasks.parked_on: the queue of a
    /// limit in which a ready task waits; claims read the other tasks only. Held slots follow from leases and runs.
    static let limits = Migration(
        number: 6,
        sql: """
            CREATE TABLE limits (
                tenant integer NOT NULL REFERENCES tenants,
                name text COLLATE "C" NOT NULL,
                size bigint NOT NULL CHECK (size > 0),
                PRIMARY KEY (tenant, name)
            );

            ALTER TABLE tasks ADD COLUMN uses text;
            ALTER TABLE task_leases ADD COLUMN uses text;
            ALTER TABLE ready_tasks ADD COLUMN parked_on text COLLATE "C";
            DROP INDEX ready_tasks_queue;
            CREATE INDEX ready_tasks_queue ON ready_tasks (tenant, ready_at, position, run) WHERE parked_on IS NULL;
            CREATE INDEX ready_tasks_parked ON ready_tasks (tenant, parked_on, ready_at, position, run)
                WHERE parked_on IS NOT NULL;
            CREATE INDEX runs_going ON runs (tenant, configuration) WHERE configuration IS NOT NULL AND state BETWEEN 1 AND 4;
            """)
}
