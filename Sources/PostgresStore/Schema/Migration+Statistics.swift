extension Migration {
    /// Statistics of the runs that retention deletes from now on.
    ///
    /// day: its first millisecond, of the creation of the runs. configuration and attribution are empty for none, because NULL
    /// cannot be part of the key. runtime_ms: the sum of the runtimes. Retention changes the same rows step after step, for
    /// which pages keep some space.
    static let statistics = Migration(
        number: 12,
        sql: """
            CREATE TABLE run_statistics (
                tenant integer NOT NULL REFERENCES tenants,
                day bigint NOT NULL CHECK (day % 86400000 = 0),
                type integer NOT NULL REFERENCES run_types,
                state smallint NOT NULL CHECK (state BETWEEN 0 AND 7),
                configuration text COLLATE "C" NOT NULL,
                attribution text COLLATE "C" NOT NULL CHECK (attribution IN ('', 'customer', 'platform')),
                runs bigint NOT NULL CHECK (runs > 0),
                runtime_ms bigint NOT NULL,
                longest_ms bigint NOT NULL CHECK (longest_ms BETWEEN 0 AND runtime_ms),
                PRIMARY KEY (tenant, day, type, state, configuration, attribution)
            ) WITH (fillfactor = 70);
            """)
}
