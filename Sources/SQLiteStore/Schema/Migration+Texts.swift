extension Migration {
    /// The texts of filed runs are indexed by their trigrams, so that a word is found without reading all runs.
    ///
    /// Ended runs are filed once more, for the sake of their texts. Until that is done, lists are searched.
    static let texts = Migration(
        number: 18,
        sql: """
            -- The texts of runs, by the number of their subject in run_subjects. Both indexes contain no texts, only their trigrams.
            CREATE VIRTUAL TABLE subject_texts USING fts5 (
                text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1');

            -- The ids of filed runs, by the number of the run.
            CREATE VIRTUAL TABLE run_ids USING fts5 (
                id, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1');

            -- Segments are merged in the transaction of a step, a number of pages at once. With pages of 4,050 bytes, that takes up
            -- to 30 ms; with these, 8 ms.
            INSERT INTO subject_texts (subject_texts, rank) VALUES ('pgsz', 500);
            INSERT INTO run_ids (run_ids, rank) VALUES ('pgsz', 500);

            DELETE FROM older_runs;
            INSERT INTO older_runs (next, last)
                SELECT first, last FROM (SELECT (SELECT min(number) FROM runs) AS first, (SELECT max(number) FROM runs) AS last)
                WHERE first IS NOT NULL;
            """)
}
