extension Migration {
    /// Kept counts of runs, so that a total costs the same however many runs there are.
    ///
    /// A count that every writer changed would be one row that all of them wait for. So a write of runs only adds rows to
    /// `run_changes`, in the same transaction, by triggers, so that no program can bypass them, nodes of an earlier version
    /// included. One node at a time folds those into the counts. A total is the sum of both in one statement, so that it is
    /// exact at any time.
    ///
    /// run_changes: change runs more of that state, type and times; a run that changes its state is one less and one more.
    /// run_hours, run_day_pairs, run_days: type 0 is any type, state -1 any state. created, ended, day: hours or days since
    /// 1970; the hour of the end is the least number while a run has not ended. timeline: 0 by creation, 1 by end.
    static let runCounts = Migration(
        number: 8,
        sql: """
            CREATE FUNCTION hour_of(t bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN (t - ((t % 3600000) + 3600000) % 3600000) / 3600000;
            CREATE FUNCTION day_of(hour bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN (hour - ((hour % 24) + 24) % 24) / 24;

            CREATE TABLE run_changes (
                tenant integer NOT NULL,
                type integer NOT NULL,
                state smallint NOT NULL,
                created_at bigint NOT NULL,
                ended_at bigint,
                change integer NOT NULL
            ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
            CREATE INDEX run_changes_tenant ON run_changes (tenant);

            CREATE TABLE run_hours (
                tenant integer NOT NULL,
                type integer NOT NULL,
                state smallint NOT NULL,
                created bigint NOT NULL,
                ended bigint NOT NULL,
                runs bigint NOT NULL,
                PRIMARY KEY (tenant, type, state, created, ended)
            ) WITH (fillfactor = 80);
            CREATE INDEX run_hours_ended ON run_hours (tenant, type, state, ended, created);

            -- Of runs that have ended.
            CREATE TABLE run_day_pairs (
                tenant integer NOT NULL,
                type integer NOT NULL,
                state smallint NOT NULL,
                created bigint NOT NULL,
                ended bigint NOT NULL,
                runs bigint NOT NULL,
                PRIMARY KEY (tenant, type, state, created, ended)
            ) WITH (fillfactor = 80);

            CREATE TABLE run_days (
                tenant integer NOT NULL,
                timeline smallint NOT NULL,
                type integer NOT NULL,
                state smallint NOT NULL,
                day bigint NOT NULL,
                runs bigint NOT NULL,
                PRIMARY KEY (tenant, timeline, type, state, day)
            ) WITH (fillfactor = 80);

            CREATE FUNCTION note_runs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF TG_OP <> 'INSERT' THEN
                    INSERT INTO weir.run_changes (tenant, type, state, created_at, ended_at, change)
                    SELECT tenant, type, state, created_at, ended_at, -1 FROM old_runs;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    INSERT INTO weir.run_changes (tenant, type, state, created_at, ended_at, change)
                    SELECT tenant, type, state, created_at, ended_at, 1 FROM new_runs;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER runs_added AFTER INSERT ON runs REFERENCING NEW TABLE AS new_runs
                FOR EACH STATEMENT EXECUTE FUNCTION note_runs();
            CREATE TRIGGER runs_removed AFTER DELETE ON runs REFERENCING OLD TABLE AS old_runs
                FOR EACH STATEMENT EXECUTE FUNCTION note_runs();
            CREATE TRIGGER runs_changed AFTER UPDATE ON runs REFERENCING OLD TABLE AS old_runs NEW TABLE AS new_runs
                FOR EACH STATEMENT EXECUTE FUNCTION note_runs();

            \(RunCountSQL.fill)
            """)
}
