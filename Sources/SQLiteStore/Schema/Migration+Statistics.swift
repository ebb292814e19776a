extension Migration {
    /// Statistics of the runs that retention deletes from now on.
    ///
    /// day: its first millisecond, of the creation of the runs. configuration and attribution are empty for none, because NULL
    /// cannot be part of the key. runtime_ms: the sum of the runtimes.
    static let statistics = Migration(
        number: 15,
        sql: """
            CREATE TABLE run_statistics (
                tenant INTEGER NOT NULL REFERENCES tenants,
                day INTEGER NOT NULL CHECK (day % 86400000 = 0),
                type INTEGER NOT NULL REFERENCES run_types,
                state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 7),
                configuration TEXT NOT NULL,
                attribution TEXT NOT NULL CHECK (attribution IN ('', 'customer', 'platform')),
                runs INTEGER NOT NULL CHECK (runs > 0),
                runtime_ms INTEGER NOT NULL,
                longest_ms INTEGER NOT NULL CHECK (longest_ms BETWEEN 0 AND runtime_ms),
                PRIMARY KEY (tenant, day, type, state, configuration, attribution)
            ) STRICT, WITHOUT ROWID;
            """)
}
