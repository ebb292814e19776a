extension Migration {
    /// How an attempt was ended after a request to stop its run: what was sent when, and when nothing was left of it.
    static let stopReceipts = Migration(
        number: 19,
        sql: """
            ALTER TABLE attempts
                ADD COLUMN terminated_at bigint, ADD COLUMN killed_at bigint, ADD COLUMN call_canceled_at bigint,
                ADD COLUMN gone_at bigint;
            """)
}
