extension Migration {
    /// The last pause of a configuration, which may have ended, and notes on the ticks that it skips.
    static let pauses = Migration(
        number: 21,
        sql: """
            ALTER TABLE configurations ADD COLUMN pause_reason TEXT;
            ALTER TABLE configurations ADD COLUMN paused_by INTEGER REFERENCES principals;
            ALTER TABLE configurations ADD COLUMN paused_at INTEGER;
            ALTER TABLE configurations ADD COLUMN paused_until INTEGER;
            ALTER TABLE ticks ADD COLUMN note TEXT;
            """)
}
