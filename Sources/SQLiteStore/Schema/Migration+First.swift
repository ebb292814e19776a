extension Migration {
    /// The data of a service.
    ///
    /// Tenants, types and principals are numbers in other tables, so that rows and index entries stay small. All keys and
    /// indexes begin with the tenant, except the four that serve all tenants: tasks_ready, tasks_leased, runs_warn and
    /// start_keys_age. Times are milliseconds since 1970. Errors are four columns, all NULL when there is none.
    static let first = Migration(
        number: 1,
        sql: """
            CREATE TABLE tenants (
                number INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                rate_limit INTEGER
            ) STRICT;

            CREATE TABLE run_types (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants,
                name TEXT NOT NULL,
                UNIQUE (tenant, name)
            ) STRICT;

            CREATE TABLE principals (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                email TEXT
            ) STRICT;
            CREATE INDEX principals_id ON principals (tenant, id, name, email);

            -- state: 0 scheduled, 1 started, 2 in-progress, 3 running-with-failures, 4 stopping, 5 canceled, 6 succeeded,
            -- 7 failed. configuration and run_mode are NULL in imported history, imported_version in all other runs.
            CREATE TABLE runs (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                type INTEGER NOT NULL REFERENCES run_types,
                state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 7),
                created_at INTEGER NOT NULL,
                ended_at INTEGER,
                name TEXT NOT NULL,
                principal INTEGER NOT NULL REFERENCES principals,
                error_attribution TEXT CHECK (error_attribution IN ('customer', 'platform')),
                error_type TEXT,
                error_message TEXT,
                error_data TEXT,
                configuration TEXT,
                launched_version TEXT,
                imported_version TEXT,
                run_mode TEXT CHECK (run_mode IN ('source', 'refresh', 'full')),
                range_from INTEGER,
                range_to INTEGER,
                warn_after_ms INTEGER,
                warn_at INTEGER
            ) STRICT;
            CREATE UNIQUE INDEX runs_id ON runs (tenant, id);
            -- One index for every combination of state and type, in each of the two orders of the list. Those by creation
            -- have ended_at too, so that a window on it is checked and counted without touching rows.
            CREATE INDEX runs_created ON runs (tenant, created_at, id, ended_at);
            CREATE INDEX runs_state_created ON runs (tenant, state, created_at, id, ended_at);
            CREATE INDEX runs_type_created ON runs (tenant, type, created_at, id, ended_at);
            CREATE INDEX runs_type_state_created ON runs (tenant, type, state, created_at, id, ended_at);
            CREATE INDEX runs_ended ON runs (tenant, ended_at, id) WHERE ended_at IS NOT NULL;
            CREATE INDEX runs_state_ended ON runs (tenant, state, ended_at, id) WHERE ended_at IS NOT NULL;
            CREATE INDEX runs_type_ended ON runs (tenant, type, ended_at, id) WHERE ended_at IS NOT NULL;
            CREATE INDEX runs_type_state_ended ON runs (tenant, type, state, ended_at, id) WHERE ended_at IS NOT NULL;
            CREATE INDEX runs_warn ON runs (warn_at) WHERE warn_at IS NOT NULL;

            -- state: 0 scheduled, 1 started, 2 in-progress, 3 running, 4 finalizing, 5 stopping, 6 canceled, 7 succeeded,
            -- 8 failed, 9 skipped. needs: a JSON array of definition ids, NULL for none. A task can be claimed while
            -- ready_at is set, and is held while worker and lease_expires_at are.
            CREATE TABLE tasks (
                tenant INTEGER NOT NULL,
                run INTEGER NOT NULL REFERENCES runs,
                position INTEGER NOT NULL,
                id TEXT NOT NULL,
                definition_id TEXT NOT NULL,
                definition_type TEXT NOT NULL,
                label TEXT NOT NULL,
                stage TEXT,
                execution_type TEXT NOT NULL,
                timeout_ms INTEGER,
                needs TEXT,
                created_at INTEGER NOT NULL,
                state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 9),
                state_changed_at INTEGER NOT NULL,
                ended_at INTEGER,
                ready_at INTEGER CHECK (ready_at IS NULL OR state IN (0, 2)),
                worker TEXT,
                lease_expires_at INTEGER,
                attempt INTEGER NOT NULL,
                token INTEGER NOT NULL,
                engine_run_id TEXT,
                error_attribution TEXT CHECK (error_attribution IN ('customer', 'platform')),
                error_type TEXT,
                error_message TEXT,
                error_data TEXT,
                outputs TEXT,
                PRIMARY KEY (tenant, run, position),
                CHECK ((worker IS NULL) = (lease_expires_at IS NULL)),
                CHECK (worker IS NULL OR state IN (1, 3, 4, 5))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX tasks_ready ON tasks (ready_at, position) WHERE ready_at IS NOT NULL;
            CREATE INDEX tasks_leased ON tasks (lease_expires_at, worker) WHERE lease_expires_at IS NOT NULL;

            -- outcome: a task's state. Of all that an attempt printed, the bytes from output_begin to output_end are kept.
            CREATE TABLE attempts (
                tenant INTEGER NOT NULL,
                run INTEGER NOT NULL,
                position INTEGER NOT NULL,
                number INTEGER NOT NULL,
                started_at INTEGER NOT NULL,
                ended_at INTEGER,
                outcome INTEGER CHECK (outcome IN (6, 7, 8)),
                error_attribution TEXT CHECK (error_attribution IN ('customer', 'platform')),
                error_type TEXT,
                error_message TEXT,
                error_data TEXT,
                output_begin INTEGER NOT NULL DEFAULT 0,
                output_end INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (tenant, run, position, number),
                FOREIGN KEY (tenant, run, position) REFERENCES tasks,
                CHECK ((ended_at IS NULL) = (outcome IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE output_chunks (
                tenant INTEGER NOT NULL,
                run INTEGER NOT NULL,
                position INTEGER NOT NULL,
                attempt INTEGER NOT NULL,
                from_byte INTEGER NOT NULL,
                to_byte INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (tenant, run, position, attempt, from_byte),
                FOREIGN KEY (tenant, run, position, attempt) REFERENCES attempts
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE start_keys (
                tenant INTEGER NOT NULL REFERENCES tenants,
                owner TEXT NOT NULL,
                key TEXT NOT NULL,
                fingerprint BLOB NOT NULL,
                run INTEGER NOT NULL REFERENCES runs,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (tenant, owner, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX start_keys_age ON start_keys (created_at);

            CREATE TABLE configuration_versions (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                configuration TEXT NOT NULL,
                version INTEGER NOT NULL,
                name TEXT NOT NULL,
                type TEXT NOT NULL,
                format TEXT NOT NULL CHECK (format IN ('yaml', 'json')),
                directory TEXT,
                created_at INTEGER NOT NULL,
                created_by INTEGER NOT NULL REFERENCES principals,
                source TEXT NOT NULL,
                UNIQUE (tenant, id),
                UNIQUE (tenant, configuration, version)
            ) STRICT;

            CREATE TABLE configurations (
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                version INTEGER NOT NULL REFERENCES configuration_versions,
                PRIMARY KEY (tenant, id)
            ) STRICT, WITHOUT ROWID;

            -- The client id is the key: that is all a client tells before its tenant is known.
            CREATE TABLE api_keys (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                tenant INTEGER NOT NULL REFERENCES tenants,
                name TEXT NOT NULL,
                policy TEXT NOT NULL CHECK (policy IN ('viewer', 'operator', 'admin')),
                created_at INTEGER NOT NULL,
                secret_hash BLOB NOT NULL,
                secret_number INTEGER NOT NULL,
                deposed_at INTEGER
            ) STRICT;
            CREATE INDEX api_keys_tenant ON api_keys (tenant);

            CREATE TABLE service_secrets (
                name TEXT PRIMARY KEY,
                value BLOB NOT NULL
            ) STRICT, WITHOUT ROWID;
            """)
}
