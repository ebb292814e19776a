extension Migration {
    /// The last pause of a configuration, which may have ended, and notes on the ticks that it skips.
    static let pauses = Migration(
        number: 17,
        sql: """
            ALTER TABLE configurations
                ADD COLUMN pause_reason text, ADD COLUMN paused_by integer, ADD COLUMN paused_at bigint,
                ADD COLUMN paused_until bigint;
            ALTER TABLE ticks ADD COLUMN note text;
            """)
}
