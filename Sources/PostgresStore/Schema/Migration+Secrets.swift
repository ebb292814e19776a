extension Migration {
    /// Secrets of tenants, which are encrypted before they come here.
    static let secrets = Migration(
        number: 30,
        sql: """
            -- key: the id of the master key that opens `sealed`.
            CREATE TABLE tenant_secrets (
                tenant integer NOT NULL REFERENCES tenants,
                name text COLLATE "C" NOT NULL,
                version integer NOT NULL,
                key text COLLATE "C" NOT NULL,
                sealed bytea NOT NULL,
                set_by integer NOT NULL REFERENCES principals,
                set_at bigint NOT NULL,
                PRIMARY KEY (tenant, name)
            );
            CREATE INDEX tenant_secrets_key ON tenant_secrets (key);
            """)
}
