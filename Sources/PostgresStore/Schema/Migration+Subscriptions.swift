extension Migration {
    /// Receivers that are told of the end of single runs. One table for all months, because few runs have any.
    static let subscriptions = Migration(
        number: 22,
        sql: """
            CREATE TABLE run_subscriptions (
                tenant integer NOT NULL REFERENCES tenants,
                run text COLLATE "C" NOT NULL,
                receiver text COLLATE "C" NOT NULL,
                run_created_at bigint NOT NULL,
                requested_at bigint NOT NULL,
                requested_by integer NOT NULL REFERENCES principals,
                PRIMARY KEY (tenant, run, receiver)
            );
            CREATE INDEX run_subscriptions_created ON run_subscriptions (run_created_at);
            CREATE INDEX run_subscriptions_receiver ON run_subscriptions (tenant, receiver);
            """)
}
