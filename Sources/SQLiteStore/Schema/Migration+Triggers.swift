extension Migration {
    /// Triggers after other workflows, and a row for every event of a trigger.
    static let triggers = Migration(
        number: 37,
        sql: """
            -- The trigger that started a run: a JSON object.
            ALTER TABLE runs ADD COLUMN triggered_by TEXT;

            -- Those of the current versions. source: the workflow whose runs end. ends: their states, separated by commas.
            CREATE TABLE after_triggers (
                tenant INTEGER NOT NULL REFERENCES tenants,
                source TEXT NOT NULL,
                configuration TEXT NOT NULL,
                ends TEXT NOT NULL,
                PRIMARY KEY (tenant, source, configuration)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX after_triggers_configuration ON after_triggers (tenant, configuration, source);

            -- source: a workflow, or a webhook. The cause is a run that has ended in a state, or a call with an id. Runs are
            -- named by their ids, because firings may outlive them. due_at: when a waiting one is decided.
            CREATE TABLE firings (
                tenant INTEGER NOT NULL REFERENCES tenants,
                id TEXT NOT NULL,
                configuration TEXT NOT NULL,
                source TEXT NOT NULL,
                cause_run TEXT,
                cause_state INTEGER,
                delivery TEXT,
                depth INTEGER NOT NULL,
                fired_at INTEGER NOT NULL,
                outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'started', 'refused', 'paused', 'cut', 'failed')),
                note TEXT,
                run TEXT,
                parameters TEXT,
                due_at INTEGER,
                decided_at INTEGER,
                PRIMARY KEY (tenant, id),
                CHECK ((cause_run IS NULL) <> (delivery IS NULL)),
                CHECK ((cause_run IS NULL) = (cause_state IS NULL)),
                CHECK ((outcome = 'started') = (run IS NOT NULL)),
                CHECK ((outcome = 'waiting') = (due_at IS NOT NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX firings_configuration ON firings (tenant, configuration, fired_at, id);
            CREATE INDEX firings_due ON firings (due_at) WHERE outcome = 'waiting';
            CREATE INDEX firings_age ON firings (tenant, fired_at) WHERE outcome <> 'waiting';
            """)
}
