extension Migration {
    /// State that nodes share beyond the service's data, and the progress of a transfer from another store.
    static let sharing = Migration(
        number: 2,
        sql: """
            -- Buckets of requests, in thousandths of one. Not logged: after a crash of the server they are full, as they are
            -- when a service starts. taken: by the last statement, for its answer.
            CREATE UNLOGGED TABLE request_buckets (
                tenant text COLLATE "C" PRIMARY KEY,
                content bigint NOT NULL,
                filled_at bigint NOT NULL,
                taken bigint NOT NULL
            ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

            -- One row at most, there once a takeover has begun. source: what tells that store from all others. part is NULL
            -- when everything is copied.
            CREATE TABLE transfer (
                is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
                source bytea NOT NULL,
                part text,
                place text,
                has_ended boolean NOT NULL DEFAULT false
            );
            """)
}
