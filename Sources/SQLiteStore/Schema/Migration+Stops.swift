extension Migration {
    /// The request that stopped a run: time and principal. Both are NULL for other runs, and for runs that an earlier version
    /// stopped.
    static let stops = Migration(
        number: 11,
        sql: """
            ALTER TABLE runs ADD COLUMN stop_requested_at INTEGER;
            ALTER TABLE runs ADD COLUMN stop_requested_by INTEGER REFERENCES principals DEFERRABLE INITIALLY DEFERRED;
            """)
}
