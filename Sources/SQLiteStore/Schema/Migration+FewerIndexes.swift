extension Migration {
    /// Without the two indexes by type alone, which took a sixth of the disk: the walks of one type in each state, merged, read the
    /// same runs in the same order.
    static let fewerIndexes = Migration(
        number: 38,
        sql: """
            DROP INDEX runs_type_created;
            DROP INDEX runs_type_ended;
            """)
}
