extension Migration {
    /// Receivers, rules and the outbox of alerts.
    static let alerts = Migration(
        number: 6,
        sql: """
            -- events, types and configurations: JSON arrays of texts, NULL for none. busy_until: while something is being sent.
            CREATE TABLE alert_receivers (
                tenant INTEGER NOT NULL REFERENCES tenants,
                name TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('webhook', 'slack')),
                url TEXT NOT NULL,
                events TEXT,
                attribution TEXT CHECK (attribution IN ('customer', 'platform')),
                types TEXT,
                configurations TEXT,
                secret BLOB NOT NULL,
                former_secret BLOB,
                rotated_at INTEGER,
                created_at INTEGER NOT NULL,
                disabled_at INTEGER,
                disabled_reason TEXT,
                busy_until INTEGER,
                PRIMARY KEY (tenant, name)
            ) STRICT, WITHOUT ROWID;

            -- The alert rules of current configuration versions. The receiver may not exist.
            CREATE TABLE alert_rules (
                tenant INTEGER NOT NULL REFERENCES tenants,
                configuration TEXT NOT NULL,
                position INTEGER NOT NULL,
                receiver TEXT NOT NULL,
                events TEXT,
                attribution TEXT CHECK (attribution IN ('customer', 'platform')),
                PRIMARY KEY (tenant, configuration, position)
            ) STRICT, WITHOUT ROWID;

            -- The id is derived from event, subject and receiver, so that an alert is unique. token: counts claims.
            CREATE TABLE alerts (
                number INTEGER PRIMARY KEY,
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                receiver TEXT NOT NULL,
                event TEXT NOT NULL CHECK (event IN ('failed', 'succeeded', 'stopped', 'slow', 'tick_missed')),
                run INTEGER REFERENCES runs,
                schedule TEXT,
                nominal_at INTEGER,
                title TEXT NOT NULL,
                configuration TEXT NOT NULL,
                occurred_at INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'given-up')),
                attempts INTEGER NOT NULL,
                token INTEGER NOT NULL DEFAULT 0,
                next_at INTEGER,
                last_attempt_at INTEGER,
                answer TEXT,
                UNIQUE (tenant, id),
                CHECK ((state = 'pending') = (next_at IS NOT NULL)),
                CHECK ((run IS NULL) = (nominal_at IS NOT NULL))
            ) STRICT;
            CREATE INDEX alerts_list ON alerts (tenant);
            CREATE INDEX alerts_state ON alerts (tenant, state);
            CREATE INDEX alerts_next ON alerts (next_at) WHERE next_at IS NOT NULL;
            CREATE INDEX alerts_due ON alerts (tenant, receiver, next_at) WHERE next_at IS NOT NULL;
            CREATE INDEX alerts_run ON alerts (run);
            CREATE INDEX alerts_without_run ON alerts (occurred_at) WHERE run IS NULL;
            """)
}
