extension Migration {
    /// Filing: what lists are asked for beside time, state and type is indexed and counted after runs have ended, in the background.
    ///
    /// `PostgresConnection.fileRuns` fills these tables. Writers only note that a run has ended, in `unfiled_runs`, by triggers, so
    /// that no program can bypass them, nodes of an earlier version included. Runs of an earlier version are filed in the same way,
    /// so that nothing waits for them.
    ///
    /// Marks and their counts are partitioned by month, like runs: they are dropped with their month. Values are found by their
    /// beginning, because an entry of an index is limited, and values of imported history are not.
    static let filing = Migration(
        number: 14,
        sql: """
            -- Ended runs that are not filed yet. A row may outlive its run: it is removed when filing comes to it.
            CREATE TABLE unfiled_runs (
                tenant integer NOT NULL,
                run_created_at bigint NOT NULL,
                run text COLLATE "C" NOT NULL,
                PRIMARY KEY (tenant, run_created_at, run)
            ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

            -- One row as long as runs that were there before this table are not filed: those behind this place, unless they have
            -- a row in unfiled_runs, are filed, or go on.
            CREATE TABLE older_runs (
                is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
                tenant integer NOT NULL,
                run_created_at bigint NOT NULL,
                run text COLLATE "C" NOT NULL
            );
            INSERT INTO older_runs (tenant, run_created_at, run) SELECT 0, 0, '' WHERE EXISTS (SELECT 1 FROM runs);

            -- A value of a dimension, which a list can be asked for; see RunDimension. Never deleted, and each there once: only the
            -- node that files adds them.
            CREATE TABLE run_subjects (
                number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tenant integer NOT NULL REFERENCES tenants,
                dimension smallint NOT NULL,
                value text COLLATE "C" NOT NULL
            );
            CREATE INDEX run_subjects_value ON run_subjects (tenant, dimension, left(value, 200));

            -- Each filed run under each of its subjects, in the order of the list.
            CREATE TABLE run_marks (
                subject integer NOT NULL,
                state smallint NOT NULL,
                run_created_at bigint NOT NULL,
                run text COLLATE "C" NOT NULL,
                run_ended_at bigint NOT NULL,
                PRIMARY KEY (subject, state, run_created_at, run)
            ) PARTITION BY RANGE (run_created_at);

            -- The number of marks by the day of their run's creation, which is its first millisecond.
            CREATE TABLE subject_days (
                subject integer NOT NULL,
                state smallint NOT NULL,
                day bigint NOT NULL CHECK (day % 86400000 = 0),
                runs bigint NOT NULL,
                PRIMARY KEY (subject, state, day)
            ) PARTITION BY RANGE (day);

            CREATE OR REPLACE FUNCTION note_runs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF TG_OP = 'INSERT' THEN
                    WITH changes AS (
                        INSERT INTO weir.run_changes (tenant, type, state, created_at, ended_at, change)
                        SELECT tenant, type, state, created_at, ended_at, 1 FROM new_runs)
                    INSERT INTO weir.unfiled_runs (tenant, run_created_at, run)
                    SELECT tenant, created_at, id FROM new_runs WHERE ended_at IS NOT NULL ON CONFLICT DO NOTHING;
                    RETURN NULL;
                END IF;
                INSERT INTO weir.run_changes (tenant, type, state, created_at, ended_at, change)
                SELECT tenant, type, state, created_at, ended_at, -1 FROM old_runs;
                IF TG_OP = 'UPDATE' THEN
                    INSERT INTO weir.run_changes (tenant, type, state, created_at, ended_at, change)
                    SELECT tenant, type, state, created_at, ended_at, 1 FROM new_runs;
                END IF;
                RETURN NULL;
            END $$;

            CREATE FUNCTION note_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO weir.unfiled_runs (tenant, run_created_at, run) VALUES (new.tenant, new.created_at, new.id)
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            END $$;
            CREATE TRIGGER runs_ended AFTER UPDATE OF ended_at ON runs FOR EACH ROW
                WHEN (old.ended_at IS NULL AND new.ended_at IS NOT NULL) EXECUTE FUNCTION note_end();

            -- The marks of workflows have these runs, too.
            DROP INDEX runs_imported_configuration;
            """)
}
