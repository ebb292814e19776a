extension Migration {
    /// Warnings of tasks and their number in runs. Alerts about them.
    ///
    /// tasks.warnings: a JSON array of texts, NULL for none. runs.warnings: the number of warnings of the run's tasks. The columns are
    /// added to the declarations, as those of ``origins``: older rows are read with their defaults.
    static let warnings = Migration(
        number: 19,
        rewordings: [
            Rewording(
                table: "runs", old: "runtime_ms INTEGER GENERATED ALWAYS AS (ended_at - created_at) VIRTUAL",
                new: """
                    runtime_ms INTEGER GENERATED ALWAYS AS (ended_at - created_at) VIRTUAL, warnings INTEGER NOT NULL DEFAULT 0
                    """),
            Rewording(table: "tasks", old: "kept_from TEXT", new: "kept_from TEXT, warnings TEXT"),
            Rewording(table: "alerts", old: "'slow', 'tick_missed'", new: "'slow', 'tick_missed', 'warning'"),
        ])
}
