extension Migration {
    /// Runs are filed by classes of their runtimes and numbers of their attempts; see RuntimeClass and AttemptClass.
    ///
    /// All runs are filed again in the background. Until that is done, lists are searched. A node of an earlier version files runs
    /// without classes: such nodes must have been stopped.
    static let subjectClasses = Migration(
        number: 27,
        sql: """
            TRUNCATE run_marks, subject_days, run_subjects, subject_texts, touched_subjects;
            INSERT INTO older_runs (tenant, run_created_at, run) SELECT 0, 0, '' WHERE EXISTS (SELECT 1 FROM runs)
                ON CONFLICT (is_only) DO UPDATE SET tenant = 0, run_created_at = 0, run = '';
            """)
}
