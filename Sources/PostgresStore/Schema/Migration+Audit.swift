extension Migration {
    /// The audit log.
    ///
    /// A transaction only adds its event. The place of an event in the chain of its tenant and its hash are set by a later step, in
    /// the order of commits: a chain that every start extended would let the starts of a tenant wait for each other. place numbers
    /// the events of all tenants. A sealed event is never changed.
    static let audit = Migration(
        number: 13,
        sql: """
            CREATE TABLE audit_events (
                number bigint GENERATED ALWAYS AS IDENTITY,
                tenant integer NOT NULL,
                id text COLLATE "C" NOT NULL,
                happened_at bigint NOT NULL,
                type text COLLATE "C" NOT NULL,
                principal_id text COLLATE "C" NOT NULL,
                principal_name text NOT NULL,
                principal_email text,
                object_id text COLLATE "C" NOT NULL,
                object_name text,
                origin_ip text NOT NULL,
                user_agent text NOT NULL,
                session_id text NOT NULL,
                place bigint,
                hash bytea
            ) WITH (autovacuum_vacuum_scale_factor = 0.02);
            CREATE UNIQUE INDEX audit_events_time ON audit_events (tenant, happened_at, id);
            CREATE UNIQUE INDEX audit_events_place ON audit_events (place) WHERE place IS NOT NULL;
            CREATE INDEX audit_events_unsealed ON audit_events (number) WHERE place IS NULL;

            CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'events of the audit log are never changed';
            END $$;
            CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events FOR EACH ROW WHEN (OLD.place IS NOT NULL)
                EXECUTE FUNCTION refuse_audit_change();

            CREATE TABLE audit_chains (
                tenant integer PRIMARY KEY,
                base bytea NOT NULL,
                head bytea NOT NULL
            ) WITH (fillfactor = 50);
            """)
}
