extension Migration {
    /// Warnings of tasks and their number in runs. Alerts about them.
    ///
    /// tasks.warnings: a JSON array of texts, NULL for none. runs.warnings: the number of warnings of the run's tasks.
    static let warnings = Migration(
        number: 15,
        sql: """
            ALTER TABLE tasks ADD COLUMN warnings text;
            ALTER TABLE runs ADD COLUMN warnings integer NOT NULL DEFAULT 0;
            ALTER TABLE alerts DROP CONSTRAINT alerts_event_check, ADD CONSTRAINT alerts_event_check
                CHECK (event IN ('failed', 'succeeded', 'stopped', 'slow', 'tick_missed', 'warning'));
            """)
}
