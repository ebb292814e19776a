extension Migration {
    /// Bulk operations and a receipt for each run that they came to.
    ///
    /// A run can be deleted before an idempotency key that started it expires: the key then has no run.
    static let bulk = Migration(
        number: 27,
        sql: """
            -- parameters: a JSON object. runs: a JSON array of ids, NULL for a filter. filter: a JSON array of fields and values.
            -- place: the run of a filter that was done last. due_at: when to go on, or when the lease of a node expires; NULL when
            -- the operation has ended. token: counts claims.
            CREATE TABLE bulk_operations (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                action TEXT NOT NULL,
                parameters TEXT,
                runs TEXT,
                filter TEXT,
                created_before INTEGER NOT NULL,
                per_second INTEGER NOT NULL,
                requested_by INTEGER NOT NULL REFERENCES principals DEFERRABLE INITIALLY DEFERRED,
                requested_at INTEGER NOT NULL,
                total INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state = 'running' OR state = 'finished' OR state = 'aborted'),
                done INTEGER NOT NULL DEFAULT 0,
                unchanged INTEGER NOT NULL DEFAULT 0,
                refused INTEGER NOT NULL DEFAULT 0,
                place_at INTEGER,
                place_run TEXT,
                ended_at INTEGER,
                aborted_by INTEGER REFERENCES principals DEFERRABLE INITIALLY DEFERRED,
                due_at INTEGER,
                token INTEGER NOT NULL DEFAULT 0,
                UNIQUE (tenant, id),
                CHECK ((runs IS NULL) <> (filter IS NULL)),
                CHECK ((state = 'running') = (due_at IS NOT NULL)),
                CHECK ((state = 'running') = (ended_at IS NULL))
            ) STRICT;
            CREATE INDEX bulk_operations_list ON bulk_operations (tenant);
            CREATE INDEX bulk_operations_running ON bulk_operations (tenant) WHERE due_at IS NOT NULL;
            CREATE INDEX bulk_operations_due ON bulk_operations (due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX bulk_operations_ended ON bulk_operations (ended_at) WHERE ended_at IS NOT NULL;

            -- operation: the number of it. run, rerun: ids, because receipts outlive the runs.
            CREATE TABLE bulk_receipts (
                tenant INTEGER NOT NULL,
                operation INTEGER NOT NULL,
                number INTEGER NOT NULL,
                run TEXT NOT NULL,
                outcome TEXT NOT NULL CHECK (outcome = 'done' OR outcome = 'unchanged' OR outcome = 'refused'),
                reason TEXT,
                rerun TEXT,
                written_at INTEGER NOT NULL,
                PRIMARY KEY (tenant, operation, number)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX bulk_receipts_outcome ON bulk_receipts (tenant, operation, outcome, number);
            """,
        rewordings: [
            Rewording(table: "start_keys", old: "run INTEGER NOT NULL REFERENCES runs", new: "run INTEGER REFERENCES runs")
        ])
}
