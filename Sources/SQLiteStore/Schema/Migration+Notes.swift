extension Migration {
    /// Notes on runs, numbered from 1 in each run.
    static let notes = Migration(
        number: 20,
        sql: """
            CREATE TABLE run_notes (
                tenant INTEGER NOT NULL,
                run INTEGER NOT NULL REFERENCES runs,
                number INTEGER NOT NULL,
                written_at INTEGER NOT NULL,
                written_by INTEGER NOT NULL REFERENCES principals DEFERRABLE INITIALLY DEFERRED,
                text TEXT NOT NULL,
                PRIMARY KEY (tenant, run, number)
            ) STRICT, WITHOUT ROWID;
            """)
}
