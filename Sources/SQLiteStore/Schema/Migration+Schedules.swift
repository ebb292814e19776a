extension Migration {
    /// Schedules: their cursors, and a row for every tick.
    static let schedules = Migration(
        number: 7,
        sql: """
            -- The nominal time of a run for a tick, and the schedule that started it by itself.
            ALTER TABLE runs ADD COLUMN scheduled_for INTEGER;
            ALTER TABLE runs ADD COLUMN schedule TEXT;
            CREATE INDEX runs_scheduled ON runs (tenant, configuration, schedule)
                WHERE schedule IS NOT NULL AND ended_at IS NULL;

            -- A configuration is here while there may be something to decide about its schedules. Every tick up to
            -- decided_until has its row. revision changes with everything that is decided or changed. wake_at: when to look
            -- again, NULL for never. waits_for_run: whether the end of a run is a time to look again, too.
            CREATE TABLE schedule_cursors (
                tenant INTEGER NOT NULL REFERENCES tenants,
                configuration TEXT NOT NULL,
                revision INTEGER NOT NULL,
                decided_until INTEGER NOT NULL,
                wake_at INTEGER,
                waits_for_run INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (tenant, configuration)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX schedule_cursors_wake ON schedule_cursors (wake_at) WHERE wake_at IS NOT NULL;

            -- Which version with schedules was current when, for as long as ticks of it may have to be decided.
            CREATE TABLE schedule_stretches (
                tenant INTEGER NOT NULL,
                configuration TEXT NOT NULL,
                version INTEGER NOT NULL REFERENCES configuration_versions,
                begins_at INTEGER NOT NULL,
                ends_at INTEGER,
                PRIMARY KEY (tenant, configuration, version),
                FOREIGN KEY (tenant, configuration) REFERENCES schedule_cursors
            ) STRICT, WITHOUT ROWID;

            -- run: an id, because ticks may outlive their runs.
            CREATE TABLE ticks (
                tenant INTEGER NOT NULL REFERENCES tenants,
                configuration TEXT NOT NULL,
                instant INTEGER NOT NULL,
                schedule TEXT NOT NULL,
                outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'started', 'skipped', 'merged', 'missed')),
                reason TEXT,
                run TEXT,
                merged_into INTEGER,
                due_at INTEGER,
                period_from INTEGER,
                decided_at INTEGER NOT NULL,
                is_backfilled INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (tenant, configuration, instant, schedule),
                CHECK (outcome <> 'started' OR run IS NOT NULL)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX ticks_schedule ON ticks (tenant, configuration, schedule, instant);
            CREATE INDEX ticks_waiting ON ticks (tenant, configuration, instant) WHERE outcome = 'waiting';
            CREATE INDEX ticks_age ON ticks (tenant, decided_at) WHERE outcome <> 'waiting';
            """)
}
