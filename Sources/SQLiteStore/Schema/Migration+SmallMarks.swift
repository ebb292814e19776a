extension Migration {
    /// Marks without the id and the end of their run, which took two thirds of their space. Imported runs are filed whatever their
    /// state, because no worker runs them.
    ///
    /// All runs are filed again in the background. Until that is done, lists are searched.
    static let smallMarks = Migration(
        number: 28,
        sql: """
            DROP TABLE run_marks;
            DELETE FROM run_durations;
            DELETE FROM run_subjects;
            DELETE FROM run_counts WHERE type < 0;
            INSERT INTO subject_texts (subject_texts) VALUES ('delete-all');
            INSERT INTO run_ids (run_ids) VALUES ('delete-all');
            DELETE FROM unfiled_runs;
            DELETE FROM older_runs;
            INSERT INTO older_runs (next, last)
                SELECT first, last FROM (SELECT (SELECT min(number) FROM runs) AS first, (SELECT max(number) FROM runs) AS last)
                WHERE first IS NOT NULL;

            -- Each filed run under each of its subjects, by creation.
            CREATE TABLE run_marks (
                subject INTEGER NOT NULL,
                state INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                run INTEGER NOT NULL,
                PRIMARY KEY (subject, state, created_at, run)
            ) STRICT, WITHOUT ROWID;

            -- Whether so many of its runs were created in one millisecond that sorting them by their ids takes long.
            ALTER TABLE run_subjects ADD COLUMN is_crowded INTEGER NOT NULL DEFAULT 0;

            -- The runs of this service that go on.
            CREATE INDEX runs_open ON runs (tenant, state, created_at, id) WHERE ended_at IS NULL AND configuration IS NOT NULL;

            DROP TRIGGER runs_inserted_ended;
            DROP TRIGGER runs_ended;
            DROP TRIGGER runs_deleted_ended;
            CREATE TRIGGER runs_inserted_at_rest AFTER INSERT ON runs
            WHEN new.ended_at IS NOT NULL OR new.configuration IS NULL BEGIN
                INSERT INTO unfiled_runs (run) VALUES (new.number);
            END;
            -- An imported run that is stopped may be noted already.
            CREATE TRIGGER runs_ended AFTER UPDATE OF ended_at ON runs
            WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM unfiled_runs WHERE run = new.number) BEGIN
                INSERT INTO unfiled_runs (run) VALUES (new.number);
            END;
            CREATE TRIGGER runs_deleted_at_rest AFTER DELETE ON runs
            WHEN old.ended_at IS NOT NULL OR old.configuration IS NULL BEGIN
                DELETE FROM unfiled_runs WHERE run = old.number;
            END;
            """)
}
