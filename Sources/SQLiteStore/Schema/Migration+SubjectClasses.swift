extension Migration {
    /// Runs are filed by classes of their runtimes and numbers of their attempts; see RuntimeClass and AttemptClass.
    ///
    /// All runs are filed again in the background. Until that is done, lists are searched.
    static let subjectClasses = Migration(
        number: 30,
        sql: """
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
