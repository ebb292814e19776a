extension Migration {
    /// Closing tasks.
    ///
    /// tasks.condition: `failure` or `always`, NULL for other tasks. runs.after_stop_ms: how long closing tasks may run after a stop,
    /// NULL in runs without any. closing_deadlines: when the closing tasks of a run that is stopping are to be stopped as well.
    static let closing = Migration(
        number: 24,
        sql: """
            ALTER TABLE tasks ADD COLUMN condition TEXT;
            ALTER TABLE runs ADD COLUMN after_stop_ms INTEGER;
            CREATE TABLE closing_deadlines (
                run INTEGER PRIMARY KEY REFERENCES runs,
                due_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX closing_deadlines_due ON closing_deadlines (due_at);
            """)
}
