extension Migration {
    /// Decisions of persons about tasks that did not succeed, numbered from 1 in each run.
    static let resolutions = Migration(
        number: 25,
        sql: """
            -- How a person settled the task: 'skip' or 'succeed'.
            ALTER TABLE tasks ADD COLUMN resolution TEXT;
            CREATE TABLE run_resolutions (
                tenant INTEGER NOT NULL,
                run INTEGER NOT NULL REFERENCES runs,
                number INTEGER NOT NULL,
                task TEXT NOT NULL,
                resolution TEXT NOT NULL,
                reason TEXT,
                resolved_at INTEGER NOT NULL,
                resolved_by INTEGER NOT NULL REFERENCES principals DEFERRABLE INITIALLY DEFERRED,
                PRIMARY KEY (tenant, run, number)
            ) STRICT, WITHOUT ROWID;
            """)
}
