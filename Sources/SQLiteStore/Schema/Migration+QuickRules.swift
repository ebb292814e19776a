extension Migration {
    /// Cheaper constraints on the rows that every run writes.
    ///
    /// A list of three values or more is a tree that SQLite builds for each row. For a reference that is checked when its
    /// statement ends, SQLite copies the pages before the statement, in a table with triggers. A reference that is checked
    /// before the commit does not need that.
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
