extension Migration {
    /// The request that stopped a run: time and principal. Both are NULL for other runs, and for runs that an earlier version
    /// stopped.
    static let stops = Migration(
        number: 9,
        sql: """
            ALTER TABLE runs ADD COLUMN stop_requested_at bigint, ADD COLUMN stop_requested_by integer;
            """)
}
