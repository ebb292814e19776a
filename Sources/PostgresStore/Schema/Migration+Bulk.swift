extension Migration {
    /// Bulk operations and a receipt for each run that they came to. An idempotency key whose run was deleted has an empty run.
    static let bulk = Migration(
        number: 24,
        sql: """
            -- parameters: a JSON object. runs: a JSON array of ids, NULL for a filter. filter: a JSON array of fields and values.
            -- place: the run of a filter that was done last. due_at: when to go on, or when the lease of a node expires; NULL when
            -- the operation has ended. token: counts claims.
            CREATE TABLE bulk_operations (
                number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tenant integer NOT NULL REFERENCES tenants,
                id text COLLATE "C" NOT NULL,
                action text NOT NULL,
                parameters text,
                runs text,
                filter text,
                created_before bigint NOT NULL,
                per_second bigint NOT NULL,
                requested_by integer NOT NULL REFERENCES principals,
                requested_at bigint NOT NULL,
                total bigint NOT NULL,
                state text NOT NULL CHECK (state IN ('running', 'finished', 'aborted')),
                done bigint NOT NULL DEFAULT 0,
                unchanged bigint NOT NULL DEFAULT 0,
                refused bigint NOT NULL DEFAULT 0,
                place_at bigint,
                place_run text COLLATE "C",
                ended_at bigint,
                aborted_by integer REFERENCES principals,
                due_at bigint,
                token bigint NOT NULL DEFAULT 0,
                CONSTRAINT bulk_operations_id UNIQUE (tenant, id),
                CHECK ((runs IS NULL) <> (filter IS NULL)),
                CHECK ((state = 'running') = (due_at IS NOT NULL)),
                CHECK ((state = 'running') = (ended_at IS NULL))
            ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
            CREATE INDEX bulk_operations_list ON bulk_operations (tenant, number);
            CREATE INDEX bulk_operations_due ON bulk_operations (due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX bulk_operations_ended ON bulk_operations (ended_at) WHERE ended_at IS NOT NULL;

            -- operation: the number of it. run, rerun: ids, because receipts outlive the runs.
            CREATE TABLE bulk_receipts (
                tenant integer NOT NULL,
                operation bigint NOT NULL,
                number bigint NOT NULL,
                run text COLLATE "C" NOT NULL,
                outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('done', 'unchanged', 'refused')),
                reason text,
                rerun text COLLATE "C",
                written_at bigint NOT NULL,
                PRIMARY KEY (tenant, operation, number)
            );
            CREATE INDEX bulk_receipts_outcome ON bulk_receipts (tenant, operation, outcome, number);
            """)
}
