extension Migration {
    /// Receivers, rules and the outbox of alerts. Not partitioned: most runs raise no alert, and pending alerts are found
    /// whatever their month.
    static let alerts = Migration(
        number: 3,
        sql: """
            -- events, types and configurations: JSON arrays of texts, NULL for none. busy_until: while something is being sent.
            CREATE TABLE alert_receivers (
                tenant integer NOT NULL REFERENCES tenants,
                name text COLLATE "C" NOT NULL,
                kind text NOT NULL CHECK (kind IN ('webhook', 'slack')),
                url text NOT NULL,
                events text,
                attribution text CHECK (attribution IN ('customer', 'platform')),
                types text,
                configurations text,
                secret bytea NOT NULL,
                former_secret bytea,
                rotated_at bigint,
                created_at bigint NOT NULL,
                disabled_at bigint,
                disabled_reason text,
                busy_until bigint,
                PRIMARY KEY (tenant, name)
            ) WITH (fillfactor = 70);
            -- Enabled receivers only: all that a sender has to read.
            CREATE INDEX alert_receivers_enabled ON alert_receivers (tenant, name) WHERE disabled_at IS NULL;

            -- The alert rules of current configuration versions. The receiver may not exist.
            CREATE TABLE alert_rules (
                tenant integer NOT NULL REFERENCES tenants,
                configuration text COLLATE "C" NOT NULL,
                position integer NOT NULL,
                receiver text COLLATE "C" NOT NULL,
                events text,
                attribution text CHECK (attribution IN ('customer', 'platform')),
                PRIMARY KEY (tenant, configuration, position)
            );

            -- The id is derived from event, subject and receiver, so that an alert is unique. token: counts claims.
            CREATE TABLE alerts (
                number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tenant integer NOT NULL REFERENCES tenants,
                id text COLLATE "C" NOT NULL,
                receiver text COLLATE "C" NOT NULL,
                event text NOT NULL CHECK (event IN ('failed', 'succeeded', 'stopped', 'slow', 'tick_missed')),
                run text COLLATE "C",
                run_created_at bigint,
                schedule text,
                nominal_at bigint,
                title text NOT NULL,
                configuration text NOT NULL,
                occurred_at bigint NOT NULL,
                state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'delivered', 'given-up')),
                attempts integer NOT NULL,
                token integer NOT NULL DEFAULT 0,
                next_at bigint,
                last_attempt_at bigint,
                answer text,
                UNIQUE (tenant, id),
                CHECK ((state = 'pending') = (next_at IS NOT NULL)),
                CHECK ((run IS NULL) = (nominal_at IS NOT NULL)),
                CHECK ((run IS NULL) = (run_created_at IS NULL))
            ) WITH (fillfactor = 80);
            CREATE INDEX alerts_list ON alerts (tenant, number);
            CREATE INDEX alerts_state ON alerts (tenant, state, number);
            CREATE INDEX alerts_next ON alerts (next_at) WHERE next_at IS NOT NULL;
            CREATE INDEX alerts_due ON alerts (tenant, receiver, next_at, number) WHERE next_at IS NOT NULL;
            CREATE INDEX alerts_run ON alerts (tenant, run) WHERE run IS NOT NULL;
            CREATE INDEX alerts_month ON alerts (run_created_at) WHERE run IS NOT NULL;
            CREATE INDEX alerts_without_run ON alerts (occurred_at) WHERE run IS NULL;
            """)
}
