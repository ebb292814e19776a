extension Migration {
    /// The distinct texts of filed runs, so that a word is found without reading all runs.
    ///
    /// Their indexes need the extension `pg_trgm`, which not every database can have: `PostgresConnection.makeTextIndexes` makes
    /// them. Ended runs are filed once more, for the sake of their texts. Until that is done, lists are searched.
    static let texts = Migration(
        number: 23,
        sql: """
            -- The texts of runs, by the number of their subject in run_subjects, in the form of TrigramText.
            CREATE TABLE subject_texts (
                subject integer PRIMARY KEY,
                form text COLLATE "C" NOT NULL
            );

            -- The id of the run in the form of TrigramText, in its mark under its texts; NULL in other marks.
            ALTER TABLE run_marks ADD COLUMN indexed_id text COLLATE "C";

            -- Subjects of deleted runs, of which some may have no marks left. Filing deletes those from run_subjects.
            CREATE TABLE touched_subjects (subject integer PRIMARY KEY);

            INSERT INTO older_runs (tenant, run_created_at, run) SELECT 0, 0, '' WHERE EXISTS (SELECT 1 FROM runs)
            ON CONFLICT (is_only) DO UPDATE SET tenant = 0, run_created_at = 0, run = '';
            """)
}
