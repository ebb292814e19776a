extension Migration {
    /// Notes on runs, numbered from 1 in each run. One table for all months, because few runs have any.
    static let notes = Migration(
        number: 16,
        sql: """
            CREATE TABLE run_notes (
                tenant integer NOT NULL REFERENCES tenants,
                run text COLLATE "C" NOT NULL,
                number integer NOT NULL,
                run_created_at bigint NOT NULL,
                written_at bigint NOT NULL,
                written_by integer NOT NULL REFERENCES principals,
                text text NOT NULL,
                PRIMARY KEY (tenant, run, number)
            );
            CREATE INDEX run_notes_created ON run_notes (run_created_at);
            """)
}
