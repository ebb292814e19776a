extension Migration {
    /// Closing tasks.
    ///
    /// tasks.condition: `failure` or `always`, NULL for other tasks. runs.after_stop_ms: how long closing tasks may run after a stop,
    /// NULL in runs without any. closing_deadlines: when the closing tasks of a run that is stopping are to be stopped as well, apart from
    /// history like ready tasks.
    static let closing = Migration(
        number: 20,
        sql: """
            ALTER TABLE tasks ADD COLUMN condition text;
            ALTER TABLE runs ADD COLUMN after_stop_ms bigint;
            CREATE TABLE closing_deadlines (
                tenant integer NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                due_at bigint NOT NULL,
                PRIMARY KEY (tenant, run)
            );
            CREATE INDEX closing_deadlines_due ON closing_deadlines (due_at);
            """)
}
