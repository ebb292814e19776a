extension Migration {
    /// Turns of tenants in claims.
    ///
    /// turn: counts claims over all tenants. The tenant with the lowest turn is next; a tenant without a turn comes first.
    static let takingTurns = Migration(
        number: 2,
        sql: """
            ALTER TABLE tenants ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX tenants_turn ON tenants (turn);
            CREATE INDEX tasks_queue ON tasks (tenant, ready_at, position) WHERE ready_at IS NOT NULL;
            """)
}
