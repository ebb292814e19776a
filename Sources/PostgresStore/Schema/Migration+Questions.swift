extension Migration {
    /// Columns for the questions of a list beside states, types and times: labels, attempts, the workflow of imported history,
    /// runtimes. Saved views.
    ///
    /// labels: `key:value`, sorted, separated by commas; NULL for none. attempts: those of the task with the most. A run whose
    /// tasks are not attempted again is never updated for it.
    ///
    /// The workflow that imported history names has a column of its own. `configuration` stays NULL there, so that it still says
    /// which runs are of this service: limits, schedules, reruns and the newest runs of a workflow read only those.
    static let questions = Migration(
        number: 11,
        sql: """
            ALTER TABLE runs ADD COLUMN labels text COLLATE "C", ADD COLUMN attempts integer NOT NULL DEFAULT 1,
                ADD COLUMN imported_configuration text COLLATE "C";
            CREATE INDEX runs_imported_configuration ON runs (tenant, imported_configuration, created_at, id)
                WHERE imported_configuration IS NOT NULL;
            CREATE INDEX runs_runtime ON runs (tenant, (ended_at - created_at), id) WHERE ended_at IS NOT NULL;

            CREATE TABLE saved_views (
                tenant integer NOT NULL REFERENCES tenants,
                name text COLLATE "C" NOT NULL,
                search text NOT NULL,
                saved_by integer NOT NULL REFERENCES principals,
                saved_at bigint NOT NULL,
                PRIMARY KEY (tenant, name)
            );
            """)
}
