extension Migration {
    /// Triggers after other workflows, and a row for every event of a trigger.
    static let triggers = Migration(
        number: 34,
        sql: """
            -- The trigger that started a run: a JSON object.
            ALTER TABLE runs ADD COLUMN triggered_by text COLLATE "C";

            -- Those of the current versions. source: the workflow whose runs end. ends: their states, separated by commas.
            CREATE TABLE after_triggers (
                tenant integer NOT NULL REFERENCES tenants,
                source text COLLATE "C" NOT NULL,
                configuration text COLLATE "C" NOT NULL,
                ends text COLLATE "C" NOT NULL,
                PRIMARY KEY (tenant, source, configuration)
            );
            CREATE INDEX after_triggers_configuration ON after_triggers (tenant, configuration, source);

            -- source: a workflow, or a webhook. The cause is a run that has ended in a state, or a call with an id. Runs are
            -- named by their ids, because firings may outlive them. due_at: when a waiting one is decided.
            CREATE TABLE firings (
                tenant integer NOT NULL REFERENCES tenants,
                id text COLLATE "C" NOT NULL,
                configuration text COLLATE "C" NOT NULL,
                source text COLLATE "C" NOT NULL,
                cause_run text COLLATE "C",
                cause_state smallint,
                delivery text COLLATE "C",
                depth integer NOT NULL,
                fired_at bigint NOT NULL,
                outcome text NOT NULL CHECK (outcome IN ('waiting', 'started', 'refused', 'paused', 'cut', 'failed')),
                note text COLLATE "C",
                run text COLLATE "C",
                parameters text COLLATE "C",
                due_at bigint,
                decided_at bigint,
                PRIMARY KEY (tenant, id),
                CHECK ((cause_run IS NULL) <> (delivery IS NULL)),
                CHECK ((cause_run IS NULL) = (cause_state IS NULL)),
                CHECK ((outcome = 'started') = (run IS NOT NULL)),
                CHECK ((outcome = 'waiting') = (due_at IS NOT NULL))
            );
            CREATE INDEX firings_configuration ON firings (tenant, configuration, fired_at, id);
            CREATE INDEX firings_due ON firings (due_at) WHERE outcome = 'waiting';
            CREATE INDEX firings_age ON firings (tenant, fired_at) WHERE outcome <> 'waiting';
            """)
}
