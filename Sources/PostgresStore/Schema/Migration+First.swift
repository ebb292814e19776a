extension Migration {
    /// The data of a service.
    ///
    /// Runs, tasks, attempts and output are partitioned by the month in which their run was created, so that history is
    /// dropped with its tables. No foreign key refers to a partition, as every drop would scan all others: the rows of a run
    /// are only written together, by methods that lock the run's row. Ready tasks, leases and warnings are kept apart from
    /// history, in small tables, so that finding work costs the same however many months there are.
    ///
    /// Tenants, types and principals are numbers in other tables, as in the embedded store. They are never deleted, because
    /// sessions cache them. All keys and indexes begin with the tenant, except those that serve all tenants. Times are
    /// milliseconds since 1970. Errors are four columns, all NULL when there is none. Texts compare byte by byte ("C").
    static let first = Migration(
        number: 1,
        sql: """
            CREATE TABLE tenants (
                number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text COLLATE "C" NOT NULL UNIQUE,
                rate_limit bigint
            );

            -- The tenant with the lowest number is next. A separate table, because the numbers change with every claim.
            CREATE TABLE tenant_turns (
                tenant integer PRIMARY KEY REFERENCES tenants,
                turn bigint NOT NULL
            ) WITH (fillfactor = 50);
            -- Counts claims; each takes as many numbers as it may claim tasks.
            CREATE SEQUENCE turns INCREMENT BY 1024;

            CREATE TABLE run_types (
                number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tenant integer NOT NULL REFERENCES tenants,
                name text COLLATE "C" NOT NULL,
                UNIQUE (tenant, name)
            );

            CREATE TABLE principals (
                number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tenant integer NOT NULL REFERENCES tenants,
                id text COLLATE "C" NOT NULL,
                name text COLLATE "C" NOT NULL,
                email text COLLATE "C"
            );
            CREATE INDEX principals_id ON principals (tenant, id);

            -- state: 0 scheduled, 1 started, 2 in-progress, 3 running-with-failures, 4 stopping, 5 canceled, 6 succeeded,
            -- 7 failed. configuration and run_mode are NULL in imported history, imported_version in all other runs.
            -- (tenant, id) is unique in each partition, by an index of its own, and over all of them because the id says which
            -- partition it is in; those that do not are listed in stray_runs.
            CREATE TABLE runs (
                tenant integer NOT NULL,
                id text COLLATE "C" NOT NULL,
                created_at bigint NOT NULL,
                ended_at bigint,
                type integer NOT NULL,
                principal integer NOT NULL,
                state smallint NOT NULL CHECK (state BETWEEN 0 AND 7),
                name text NOT NULL,
                error_attribution text CHECK (error_attribution IN ('customer', 'platform')),
                error_type text,
                error_message text,
                error_data text,
                configuration text COLLATE "C",
                launched_version text COLLATE "C",
                imported_version text COLLATE "C",
                run_mode text CHECK (run_mode IN ('source', 'refresh', 'full')),
                range_from bigint,
                range_to bigint,
                warn_after_ms bigint,
                PRIMARY KEY (tenant, created_at, id)
            ) PARTITION BY RANGE (created_at);
            -- One index for every combination of state and type, in each of the two orders of the list; the primary key is that
            -- of no filter by creation.
            CREATE INDEX runs_state_created ON runs (tenant, state, created_at, id);
            CREATE INDEX runs_type_created ON runs (tenant, type, created_at, id);
            CREATE INDEX runs_type_state_created ON runs (tenant, type, state, created_at, id);
            CREATE INDEX runs_ended ON runs (tenant, ended_at, id) WHERE ended_at IS NOT NULL;
            CREATE INDEX runs_state_ended ON runs (tenant, state, ended_at, id) WHERE ended_at IS NOT NULL;
            CREATE INDEX runs_type_ended ON runs (tenant, type, ended_at, id) WHERE ended_at IS NOT NULL;
            CREATE INDEX runs_type_state_ended ON runs (tenant, type, state, ended_at, id) WHERE ended_at IS NOT NULL;

            -- Imported history has no configuration, and takes no room here.
            CREATE INDEX runs_configuration ON runs (tenant, configuration, created_at, id) WHERE configuration IS NOT NULL;

            -- Imported runs whose id does not say in which month they were created.
            CREATE TABLE stray_runs (
                tenant integer NOT NULL,
                id text COLLATE "C" NOT NULL,
                created_at bigint NOT NULL,
                PRIMARY KEY (tenant, id)
            );
            CREATE INDEX stray_runs_created ON stray_runs (created_at);

            -- state: 0 scheduled, 1 started, 2 in-progress, 3 running, 4 finalizing, 5 stopping, 6 canceled, 7 succeeded,
            -- 8 failed, 9 skipped. needs: a JSON array of definition ids, NULL for none.
            CREATE TABLE tasks (
                tenant integer NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                position integer NOT NULL,
                attempt integer NOT NULL,
                id text COLLATE "C" NOT NULL,
                definition_id text COLLATE "C" NOT NULL,
                definition_type text NOT NULL,
                label text NOT NULL,
                stage text,
                execution_type text NOT NULL,
                timeout_ms bigint,
                needs text,
                created_at bigint NOT NULL,
                state_changed_at bigint NOT NULL,
                ended_at bigint,
                ready_at bigint CHECK (ready_at IS NULL OR state IN (0, 2)),
                token bigint NOT NULL,
                state smallint NOT NULL CHECK (state BETWEEN 0 AND 9),
                engine_run_id text,
                error_attribution text CHECK (error_attribution IN ('customer', 'platform')),
                error_type text,
                error_message text,
                error_data text,
                outputs text,
                PRIMARY KEY (tenant, run, position, run_created_at)
            ) PARTITION BY RANGE (run_created_at);

            -- outcome: a task's state. Of all that an attempt printed, the bytes from output_begin to output_end are kept.
            CREATE TABLE attempts (
                tenant integer NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                position integer NOT NULL,
                number integer NOT NULL,
                started_at bigint NOT NULL,
                ended_at bigint,
                output_begin bigint NOT NULL DEFAULT 0,
                output_end bigint NOT NULL DEFAULT 0,
                outcome smallint CHECK (outcome IN (6, 7, 8)),
                error_attribution text CHECK (error_attribution IN ('customer', 'platform')),
                error_type text,
                error_message text,
                error_data text,
                PRIMARY KEY (tenant, run, position, number, run_created_at),
                CHECK ((ended_at IS NULL) = (outcome IS NULL))
            ) PARTITION BY RANGE (run_created_at);

            CREATE TABLE output_chunks (
                tenant integer NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                position integer NOT NULL,
                attempt integer NOT NULL,
                from_byte bigint NOT NULL,
                to_byte bigint NOT NULL,
                bytes bytea NOT NULL,
                PRIMARY KEY (tenant, run, position, attempt, from_byte, run_created_at)
            ) PARTITION BY RANGE (run_created_at);

            -- A task is here while it can be claimed, or will be at ready_at.
            CREATE TABLE ready_tasks (
                tenant integer NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                position integer NOT NULL,
                ready_at bigint NOT NULL,
                PRIMARY KEY (tenant, run, position)
            ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
            CREATE INDEX ready_tasks_queue ON ready_tasks (tenant, ready_at, position, run);
            CREATE INDEX ready_tasks_time ON ready_tasks (ready_at);

            -- A task is here while a worker holds it.
            CREATE TABLE task_leases (
                tenant integer NOT NULL,
                run text COLLATE "C" NOT NULL,
                task text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                position integer NOT NULL,
                attempt integer NOT NULL,
                token bigint NOT NULL,
                expires_at bigint NOT NULL,
                is_stopping boolean NOT NULL DEFAULT false,
                worker text NOT NULL,
                definition_id text NOT NULL,
                version text NOT NULL,
                PRIMARY KEY (tenant, run, task)
            ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
            CREATE INDEX task_leases_expiry ON task_leases (expires_at);

            -- Runs that go on and have a time after which that is worth a warning, until it has been given.
            CREATE TABLE run_warnings (
                tenant integer NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                name text NOT NULL,
                warn_after_ms bigint NOT NULL,
                warn_at bigint NOT NULL,
                PRIMARY KEY (tenant, run)
            );
            CREATE INDEX run_warnings_time ON run_warnings (warn_at);

            CREATE TABLE start_keys (
                tenant integer NOT NULL REFERENCES tenants,
                owner text COLLATE "C" NOT NULL,
                key text COLLATE "C" NOT NULL,
                fingerprint bytea NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                created_at bigint NOT NULL,
                PRIMARY KEY (tenant, owner, key)
            );
            CREATE INDEX start_keys_age ON start_keys (created_at);
            CREATE INDEX start_keys_run ON start_keys (tenant, run);

            CREATE TABLE configuration_versions (
                number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tenant integer NOT NULL REFERENCES tenants,
                id text COLLATE "C" NOT NULL,
                configuration text COLLATE "C" NOT NULL,
                version integer NOT NULL,
                name text NOT NULL,
                type text NOT NULL,
                format text NOT NULL CHECK (format IN ('yaml', 'json')),
                directory text,
                created_at bigint NOT NULL,
                created_by integer NOT NULL REFERENCES principals,
                source text NOT NULL,
                CONSTRAINT configuration_versions_id UNIQUE (tenant, id),
                UNIQUE (tenant, configuration, version)
            );

            CREATE TABLE configurations (
                tenant integer NOT NULL REFERENCES tenants,
                id text COLLATE "C" NOT NULL,
                version bigint NOT NULL REFERENCES configuration_versions,
                PRIMARY KEY (tenant, id)
            );

            -- The client id is the key: that is all a client tells before its tenant is known.
            CREATE TABLE api_keys (
                number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                id text COLLATE "C" NOT NULL UNIQUE,
                tenant integer NOT NULL REFERENCES tenants,
                name text NOT NULL,
                policy text NOT NULL CHECK (policy IN ('viewer', 'operator', 'admin')),
                created_at bigint NOT NULL,
                secret_hash bytea NOT NULL,
                secret_number integer NOT NULL,
                deposed_at bigint,
                last_used_at bigint
            );
            CREATE INDEX api_keys_tenant ON api_keys (tenant, number);

            CREATE TABLE service_secrets (
                name text COLLATE "C" PRIMARY KEY,
                value bytea NOT NULL
            );
            """)
}
