extension Migration {
    /// Decisions of persons about tasks that did not succeed, numbered from 1 in each run. One table for all months, because few runs
    /// have any.
    static let resolutions = Migration(
        number: 21,
        sql: """
            -- How a person settled the task: 'skip' or 'succeed'.
            ALTER TABLE tasks ADD COLUMN resolution text;
            CREATE TABLE run_resolutions (
                tenant integer NOT NULL REFERENCES tenants,
                run text COLLATE "C" NOT NULL,
                number integer NOT NULL,
                run_created_at bigint NOT NULL,
                task text COLLATE "C" NOT NULL,
                resolution text NOT NULL,
                reason text,
                resolved_at bigint NOT NULL,
                resolved_by integer NOT NULL REFERENCES principals,
                PRIMARY KEY (tenant, run, number)
            );
            CREATE INDEX run_resolutions_created ON run_resolutions (run_created_at);
            """)
}
