extension Migration {
    /// Indexes for pages: the newest runs of a configuration, and the last use of a key.
    static let recentRuns = Migration(
        number: 3,
        sql: """
            -- Imported history has no configuration, and takes no room here.
            CREATE INDEX runs_configuration ON runs (tenant, configuration, created_at, id) WHERE configuration IS NOT NULL;
            ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;
            """)
}
