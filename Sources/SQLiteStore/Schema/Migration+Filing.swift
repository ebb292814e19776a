extension Migration {
    /// Filing: what lists are asked for beside time, state and type is indexed and counted after runs have ended, in the background.
    ///
    /// `DatabaseConnection.fileRuns` fills these tables, and explains them. Runs of an earlier version are filed in the same way, so
    /// that nothing waits for them when the database is opened.
    static let filing = Migration(
        number: 16,
        sql: """
            -- Ended runs that are not filed yet.
            CREATE TABLE unfiled_runs (run INTEGER PRIMARY KEY) STRICT;

            -- The runs that were there before this table, as long as some of them are not filed: those with the numbers from next
            -- to last, unless they are in unfiled_runs, filed, or going on.
            CREATE TABLE older_runs (next INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
            INSERT INTO older_runs (next, last)
                SELECT first, last FROM (SELECT (SELECT min(number) FROM runs) AS first, (SELECT max(number) FROM runs) AS last)
                WHERE first IS NOT NULL;

            -- A value of a dimension, which a list can be asked for; see RunDimension. Never deleted.
            CREATE TABLE run_subjects (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants DEFERRABLE INITIALLY DEFERRED,
                dimension INTEGER NOT NULL,
                value TEXT NOT NULL,
                UNIQUE (tenant, dimension, value)
            ) STRICT;

            -- Each filed run under each of its subjects, in the order of the list. run_counts counts them, too: its trees with the
            -- type -N are those of the subject with the number N, with filed runs only.
            CREATE TABLE run_marks (
                subject INTEGER NOT NULL,
                state INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                id TEXT NOT NULL,
                ended_at INTEGER NOT NULL,
                run INTEGER NOT NULL,
                PRIMARY KEY (subject, state, created_at, id)
            ) STRICT, WITHOUT ROWID;

            -- Each filed run by its runtime.
            CREATE TABLE run_durations (
                tenant INTEGER NOT NULL,
                runtime_ms INTEGER NOT NULL,
                id TEXT NOT NULL,
                run INTEGER NOT NULL,
                PRIMARY KEY (tenant, runtime_ms, id)
            ) STRICT, WITHOUT ROWID;

            -- Two indexes of unreleased versions.
            DROP INDEX IF EXISTS runs_runtime;
            DROP INDEX IF EXISTS runs_imported_configuration;

            CREATE TRIGGER runs_inserted_ended AFTER INSERT ON runs WHEN new.ended_at IS NOT NULL BEGIN
                INSERT INTO unfiled_runs (run) VALUES (new.number);
            END;
            CREATE TRIGGER runs_ended AFTER UPDATE OF ended_at ON runs WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL BEGIN
                INSERT INTO unfiled_runs (run) VALUES (new.number);
            END;
            CREATE TRIGGER runs_deleted_ended AFTER DELETE ON runs WHEN old.ended_at IS NOT NULL BEGIN
                DELETE FROM unfiled_runs WHERE run = old.number;
            END;
            """)
}
