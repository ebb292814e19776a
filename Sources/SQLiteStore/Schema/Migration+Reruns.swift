extension Migration {
    /// Reruns: the run that a run repeats, the run that a kept task was executed in, and the last successful run of a
    /// configuration.
    static let reruns = Migration(
        number: 9,
        sql: """
            -- Both are ids of runs that may be gone by now.
            ALTER TABLE runs ADD COLUMN rerun_of TEXT;
            ALTER TABLE tasks ADD COLUMN kept_from TEXT;
            CREATE INDEX runs_rerun_of ON runs (tenant, rerun_of, created_at, id) WHERE rerun_of IS NOT NULL;
            CREATE INDEX runs_good ON runs (tenant, configuration, created_at, id)
                WHERE configuration IS NOT NULL AND state = 6;
            """)
}
