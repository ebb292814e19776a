extension Migration {
    /// Filed runs are counted by type, too: by the day of their creation, because most subjects have runs of one type.
    ///
    /// All runs are filed again in the background. Until that is done, lists are searched.
    static let typedDays = Migration(
        number: 34,
        sql: """
            -- The numbers of marks, except those under texts. A day is its first millisecond.
            CREATE TABLE typed_days (
                subject INTEGER NOT NULL,
                state INTEGER NOT NULL,
                day INTEGER NOT NULL CHECK (day % 86400000 = 0),
                type INTEGER NOT NULL,
                runs INTEGER NOT NULL,
                PRIMARY KEY (subject, state, day, type)
            ) STRICT, WITHOUT ROWID;

            DELETE FROM run_marks;
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
            """)
}
