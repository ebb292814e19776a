extension Migration {
    /// How an attempt was ended after a request to stop its run: what was sent when, and when nothing was left of it.
    static let stopReceipts = Migration(
        number: 23,
        sql: """
            ALTER TABLE attempts ADD COLUMN terminated_at INTEGER;
            ALTER TABLE attempts ADD COLUMN killed_at INTEGER;
            ALTER TABLE attempts ADD COLUMN call_canceled_at INTEGER;
            ALTER TABLE attempts ADD COLUMN gone_at INTEGER;
            """)
}
