extension Migration {
    /// Rows by which a standby that follows the primary is told from one that was left behind by a promotion.
    static let timelines = Migration(
        number: 5,
        sql: """
            -- The histories that this database has been through: a row for each, written by it as soon as a node sees it.
            CREATE TABLE log_timelines (
                cluster bigint NOT NULL,
                number bigint NOT NULL,
                PRIMARY KEY (cluster, number)
            );
            """)
}
