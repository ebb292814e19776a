extension Migration {
    /// Kept counts of runs, so that a total needs no counting.
    ///
    /// The counts of existing runs are built when the database is opened: see `DatabaseConnection.countRunsIfMissing`.
    static let runCounts = Migration(
        number: 5,
        sql: """
            -- Nodes of trees, one tree for each tenant, type (0: all types) and clock (0: when runs were created, 1: when they
            -- ended). level: 0 everything, 1 128 days, 2 day, 3 hour, 4 minute, 5 second, 6 millisecond. A node that is split
            -- has nodes of the next level below it. first_end and last_end: of clock 0, no run of the node ended outside.
            CREATE TABLE run_counts (
                tenant INTEGER NOT NULL,
                type INTEGER NOT NULL,
                clock INTEGER NOT NULL,
                level INTEGER NOT NULL,
                start INTEGER NOT NULL,
                is_split INTEGER NOT NULL,
                first_end INTEGER,
                last_end INTEGER,
                scheduled INTEGER NOT NULL,
                started INTEGER NOT NULL,
                in_progress INTEGER NOT NULL,
                running_with_failures INTEGER NOT NULL,
                stopping INTEGER NOT NULL,
                canceled INTEGER NOT NULL,
                succeeded INTEGER NOT NULL,
                failed INTEGER NOT NULL,
                PRIMARY KEY (tenant, type, clock, level, start)
            ) STRICT, WITHOUT ROWID;

            -- Changes of the current transaction that are not counted yet. Empty after each commit.
            CREATE TABLE run_changes (
                tenant INTEGER NOT NULL,
                type INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                state_before INTEGER,
                ended_before INTEGER,
                state_after INTEGER,
                ended_after INTEGER
            ) STRICT;

            CREATE TRIGGER runs_inserted AFTER INSERT ON runs BEGIN
                INSERT INTO run_changes (tenant, type, created_at, state_after, ended_after)
                VALUES (new.tenant, new.type, new.created_at, new.state, new.ended_at);
            END;
            CREATE TRIGGER runs_deleted AFTER DELETE ON runs BEGIN
                INSERT INTO run_changes (tenant, type, created_at, state_before, ended_before)
                VALUES (old.tenant, old.type, old.created_at, old.state, old.ended_at);
            END;
            CREATE TRIGGER runs_changed AFTER UPDATE OF state, ended_at ON runs
            WHEN old.state <> new.state OR old.ended_at IS NOT new.ended_at BEGIN
                INSERT INTO run_changes (tenant, type, created_at, state_before, ended_before, state_after, ended_after)
                VALUES (new.tenant, new.type, new.created_at, old.state, old.ended_at, new.state, new.ended_at);
            END;
            CREATE TRIGGER runs_keep_their_place BEFORE UPDATE OF tenant, type, created_at ON runs
            WHEN old.tenant <> new.tenant OR old.type <> new.type OR old.created_at <> new.created_at BEGIN
                SELECT raise(ABORT, 'the tenant, the type and the creation of a run never change');
            END;
            """)
}
