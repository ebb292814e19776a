extension Migration {
    /// Secrets of tenants, which are encrypted before they come here.
    static let secrets = Migration(
        number: 33,
        sql: """
            -- key: the id of the master key that opens `sealed`.
            CREATE TABLE tenant_secrets (
                tenant INTEGER NOT NULL REFERENCES tenants,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                key TEXT NOT NULL,
                sealed BLOB NOT NULL,
                set_by INTEGER NOT NULL REFERENCES principals DEFERRABLE INITIALLY DEFERRED,
                set_at INTEGER NOT NULL,
                PRIMARY KEY (tenant, name)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX tenant_secrets_key ON tenant_secrets (key);
            """)
}
