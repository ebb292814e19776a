extension Migration {
    /// The audit log. Events are numbered in the order in which they were written, which is the order of the chain of their hashes.
    /// audit_chains: base is the hash before the oldest kept event of a tenant, head that of the newest one.
    static let audit = Migration(
        number: 17,
        sql: """
            CREATE TABLE audit_events (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                happened_at INTEGER NOT NULL,
                type TEXT NOT NULL,
                principal_id TEXT NOT NULL,
                principal_name TEXT NOT NULL,
                principal_email TEXT,
                object_id TEXT NOT NULL,
                object_name TEXT,
                origin_ip TEXT NOT NULL,
                user_agent TEXT NOT NULL,
                session_id TEXT NOT NULL,
                hash BLOB NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX audit_events_time ON audit_events (tenant, happened_at, id);
            CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events
            BEGIN
                SELECT RAISE(ABORT, 'events of the audit log are never changed');
            END;

            CREATE TABLE audit_chains (
                tenant INTEGER PRIMARY KEY REFERENCES tenants,
                base BLOB NOT NULL,
                head BLOB NOT NULL
            ) STRICT;
            """)
}
