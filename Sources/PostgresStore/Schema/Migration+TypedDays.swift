extension Migration {
    /// Filed runs are counted by type, too. Most subjects have runs of one type, which adds few rows.
    ///
    /// All runs are filed again in the background. Until that is done, lists are searched. A node of an earlier version cannot file runs:
    /// such nodes must have been stopped.
    static let typedDays = Migration(
        number: 31,
        sql: """
            TRUNCATE run_marks, subject_days, run_subjects, subject_texts, touched_subjects;
            ALTER TABLE run_marks ADD COLUMN type integer NOT NULL;
            ALTER TABLE subject_days DROP CONSTRAINT subject_days_pkey;
            ALTER TABLE subject_days ADD COLUMN type integer NOT NULL;
            ALTER TABLE subject_days ADD PRIMARY KEY (subject, state, day, type);
            INSERT INTO older_runs (tenant, run_created_at, run) SELECT 0, 0, '' WHERE EXISTS (SELECT 1 FROM runs)
                ON CONFLICT (is_only) DO UPDATE SET tenant = 0, run_created_at = 0, run = '';
            """)
}
