extension Migration {
    /// What claiming needs so that tenants take turns.
    ///
    /// turn: counts claims over all tenants; whose turn was longest ago is next, and who never had one is before everybody.
    static let takingTurns = Migration(
        number: 2,
        sql: """
            ALTER TABLE tenants ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX tenants_turn ON tenants (turn);
            CREATE INDEX tasks_queue ON tasks (tenant, ready_at, position) WHERE ready_at IS NOT NULL;
            """)
}
