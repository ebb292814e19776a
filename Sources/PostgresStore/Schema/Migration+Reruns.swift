extension Migration {
    /// Which run a run does over, where tasks were worked on that it kept, and the last run of a configuration that went well.
    static let reruns = Migration(
        number: 7,
        sql: """
            -- Both are ids of runs that may be gone by now.
            ALTER TABLE runs ADD COLUMN rerun_of text COLLATE "C";
            ALTER TABLE tasks ADD COLUMN kept_from text COLLATE "C";
            CREATE INDEX runs_rerun_of ON runs (tenant, rerun_of, created_at, id) WHERE rerun_of IS NOT NULL;
            CREATE INDEX runs_good ON runs (tenant, configuration, created_at, id)
                WHERE configuration IS NOT NULL AND state = 6;
            """)
}
