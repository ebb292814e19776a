extension Migration {
    /// Receivers that are told of the end of single runs.
    static let subscriptions = Migration(
        number: 26,
        sql: """
            CREATE TABLE run_subscriptions (
                tenant INTEGER NOT NULL,
                run INTEGER NOT NULL REFERENCES runs,
                receiver TEXT NOT NULL,
                requested_at INTEGER NOT NULL,
                requested_by INTEGER NOT NULL REFERENCES principals DEFERRABLE INITIALLY DEFERRED,
                PRIMARY KEY (tenant, run, receiver)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX run_subscriptions_receiver ON run_subscriptions (tenant, receiver);
            """)
}
