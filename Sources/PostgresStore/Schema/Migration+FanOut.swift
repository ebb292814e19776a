extension Migration {
    /// Tasks that run once for each of several items. tasks.fan: what makes a task a group, as the model's `FanOut` writes it, NULL for others.
    /// tasks.item: the value of an item, a JSON value; of a group the list, as far as it was known when the run was planned. Items have
    /// positions from 1000000 on, which follow from those of their groups.
    static let fanOut = Migration(
        number: 32,
        sql: """
            ALTER TABLE tasks ADD COLUMN fan text COLLATE "C";
            ALTER TABLE tasks ADD COLUMN item text COLLATE "C";
            """)
}
