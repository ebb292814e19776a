extension Migration {
    /// Imported runs are filed whatever their state, because no worker runs them. So the runs that a list reads beside the filed ones are
    /// those of this service that go on.
    ///
    /// A node of an earlier version does not file imported runs that go on: such nodes must have been stopped.
    static let openRuns = Migration(
        number: 25,
        sql: """
            ALTER TABLE run_marks ALTER COLUMN run_ended_at DROP NOT NULL;

            CREATE INDEX runs_open ON runs (tenant, state, created_at, id) WHERE ended_at IS NULL AND configuration IS NOT NULL;

            CREATE OR REPLACE FUNCTION note_runs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF TG_OP = 'INSERT' THEN
                    WITH changes AS (
                        INSERT INTO weir.run_changes (tenant, type, state, created_at, ended_at, change)
                        SELECT tenant, type, state, created_at, ended_at, 1 FROM new_runs)
                    INSERT INTO weir.unfiled_runs (tenant, run_created_at, run)
                    SELECT tenant, created_at, id FROM new_runs WHERE ended_at IS NOT NULL OR configuration IS NULL
                    ON CONFLICT DO NOTHING;
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

            INSERT INTO unfiled_runs (tenant, run_created_at, run)
                SELECT tenant, created_at, id FROM runs WHERE ended_at IS NULL AND configuration IS NULL
                ON CONFLICT DO NOTHING;
            """)
}
