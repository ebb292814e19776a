extension Migration {
    /// The origin of runs: labels, attempts, and the workflow of imported history. Also the runtime, by which lists are
    /// sorted.
    ///
    /// The columns are added to the declaration. Older rows have no values for them and are read with their defaults, as after
    /// `ALTER TABLE … ADD COLUMN`, for which newer versions of SQLite, such as 3.49, read the whole STRICT table.
    static let origins = Migration(
        number: 13,
        rewordings: [
            Rewording(
                table: "runs",
                old: "stop_requested_by INTEGER REFERENCES principals DEFERRABLE INITIALLY DEFERRED",
                new: """
                    stop_requested_by INTEGER REFERENCES principals DEFERRABLE INITIALLY DEFERRED, labels TEXT, \
                    attempts INTEGER NOT NULL DEFAULT 1, imported_configuration TEXT, \
                    runtime_ms INTEGER GENERATED ALWAYS AS (ended_at - created_at) VIRTUAL
                    """)
        ])

    /// Searches, and the views that save them.
    ///
    /// Reads all tasks, which takes some seconds where there are millions.
    static let searches = Migration(
        number: 14,
        sql: """
            -- labels: `key:value`, separated by commas. attempts: the attempts of the task with most, from 1.
            UPDATE runs SET attempts = k.attempts
            FROM (SELECT run, max(attempt) AS attempts FROM tasks WHERE attempt > 1 GROUP BY tenant, run) AS k
            WHERE runs.number = k.run;

            CREATE TABLE saved_views (
                tenant INTEGER NOT NULL REFERENCES tenants,
                name TEXT NOT NULL,
                search TEXT NOT NULL,
                saved_by INTEGER NOT NULL REFERENCES principals,
                saved_at INTEGER NOT NULL,
                PRIMARY KEY (tenant, name)
            ) STRICT, WITHOUT ROWID;
            """)
}
