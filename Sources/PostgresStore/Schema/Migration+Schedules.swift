extension Migration {
    /// Schedules: their cursors, and a row for every tick.
    ///
    /// Ticks are not partitioned: they are small, and retention deletes them.
    static let schedules = Migration(
        number: 4,
        sql: """
            -- The nominal time of a run for a tick, and the schedule that started it by itself.
            ALTER TABLE runs ADD COLUMN scheduled_for bigint, ADD COLUMN schedule text COLLATE "C";
            CREATE INDEX ON runs (tenant, configuration, schedule) WHERE schedule IS NOT NULL AND ended_at IS NULL;

            -- A configuration is here while there may be something to decide about its schedules. Every tick up to
            -- decided_until has its row. revision changes with everything that is decided or changed. wake_at: when to look
            -- again, NULL for never. waits_for_run: whether the end of a run is a time to look again, too.
            CREATE TABLE schedule_cursors (
                tenant integer NOT NULL REFERENCES tenants,
                configuration text COLLATE "C" NOT NULL,
                revision bigint NOT NULL,
                decided_until bigint NOT NULL,
                wake_at bigint,
                waits_for_run boolean NOT NULL DEFAULT false,
                PRIMARY KEY (tenant, configuration)
            ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
            CREATE INDEX schedule_cursors_wake ON schedule_cursors (wake_at) WHERE wake_at IS NOT NULL;

            -- Which version with schedules was current when, for as long as ticks of it may have to be decided.
            CREATE TABLE schedule_stretches (
                tenant integer NOT NULL,
                configuration text COLLATE "C" NOT NULL,
                version bigint NOT NULL REFERENCES configuration_versions,
                begins_at bigint NOT NULL,
                ends_at bigint,
                PRIMARY KEY (tenant, configuration, version),
                FOREIGN KEY (tenant, configuration) REFERENCES schedule_cursors
            );

            CREATE TABLE ticks (
                tenant integer NOT NULL REFERENCES tenants,
                configuration text COLLATE "C" NOT NULL,
                instant bigint NOT NULL,
                schedule text COLLATE "C" NOT NULL,
                outcome text NOT NULL CHECK (outcome IN ('waiting', 'started', 'skipped', 'merged', 'missed')),
                reason text,
                run text COLLATE "C",
                merged_into bigint,
                due_at bigint,
                period_from bigint,
                decided_at bigint NOT NULL,
                is_backfilled boolean NOT NULL DEFAULT false,
                PRIMARY KEY (tenant, configuration, instant, schedule),
                CHECK (outcome <> 'started' OR run IS NOT NULL)
            );
            CREATE INDEX ticks_schedule ON ticks (tenant, configuration, schedule, instant);
            CREATE INDEX ticks_waiting ON ticks (tenant, configuration, instant, schedule) WHERE outcome = 'waiting';
            CREATE INDEX ticks_age ON ticks (tenant, decided_at) WHERE outcome <> 'waiting';
            """)
}
