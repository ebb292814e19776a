extension Migration {
    /// The rules of rows that are written for every run, so that looking at them costs next to nothing.
    ///
    /// A list of three values or more is a tree that SQLite builds for each row. A reference that is looked at when its statement ends
    /// has SQLite keep the pages as they were before the statement, of a table with triggers; one that is looked at before the commit
    /// has not.
    static let quickRules = Migration(
        number: 10,
        rewordings: [
            Rewording(
                table: "runs", old: "run_mode IN ('source', 'refresh', 'full')",
                new: "run_mode = 'source' OR run_mode = 'refresh' OR run_mode = 'full'"),
            Rewording(table: "runs", old: "REFERENCES tenants", new: "REFERENCES tenants DEFERRABLE INITIALLY DEFERRED"),
            Rewording(table: "runs", old: "REFERENCES run_types", new: "REFERENCES run_types DEFERRABLE INITIALLY DEFERRED"),
            Rewording(table: "runs", old: "REFERENCES principals", new: "REFERENCES principals DEFERRABLE INITIALLY DEFERRED"),
            Rewording(table: "tasks", old: "state IN (1, 3, 4, 5)", new: "state = 1 OR state BETWEEN 3 AND 5"),
            Rewording(table: "attempts", old: "outcome IN (6, 7, 8)", new: "outcome BETWEEN 6 AND 8"),
        ])
}
