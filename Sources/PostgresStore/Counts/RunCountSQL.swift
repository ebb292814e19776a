/// The statements that keep counts of runs, each about whole tables.
enum RunCountSQL {
    /// The advisory lock of transactions that change counts.
    static let lock = 0x666F_6C64
    /// Stands for the hour of the end while a run has not ended.
    static let noEnd = Int.min
    /// Stands for the type in the counts of all types.
    static let anyType = 0

    /// Builds the counts from the runs, into empty tables. The schema step `runCounts` uses it too: a later change of the
    /// tables must leave that step its present text.
    static let fill = """
        INSERT INTO run_hours (tenant, type, state, created, ended, runs)
        SELECT c.tenant, d.type, d.state, c.created, c.ended, sum(c.runs) FROM (
            SELECT tenant, type, state, hour_of(created_at) AS created, \(ended("ended_at")) AS ended, count(*) AS runs
            FROM runs GROUP BY 1, 2, 3, 4, 5) AS c \(anyOf("c"))
        GROUP BY 1, 2, 3, 4, 5;
        INSERT INTO run_day_pairs (tenant, type, state, created, ended, runs) \(pairs(of: "runs", from: "run_hours"));
        INSERT INTO run_days (tenant, timeline, type, state, day, runs) \(days(of: "runs", from: "run_hours"));
        """

    /// Moves changes into the counts, up to a limit.
    static let fold = """
        WITH taken AS (
            DELETE FROM run_changes WHERE ctid = ANY (ARRAY(SELECT ctid FROM run_changes ORDER BY tenant LIMIT $1))
            RETURNING tenant, type, state, created_at, ended_at, change),
        cells AS (
            SELECT tenant, type, state, hour_of(created_at) AS created, \(ended("ended_at")) AS ended, sum(change) AS change
            FROM taken GROUP BY 1, 2, 3, 4, 5 HAVING sum(change) <> 0),
        wide AS MATERIALIZED (
            SELECT c.tenant, d.type, d.state, c.created, c.ended, sum(c.change) AS change FROM cells AS c \(anyOf("c"))
            GROUP BY 1, 2, 3, 4, 5 HAVING sum(c.change) <> 0),
        days AS (
            INSERT INTO run_days AS d (tenant, timeline, type, state, day, runs) \(days(of: "change", from: "wide"))
            ON CONFLICT (tenant, timeline, type, state, day) DO UPDATE SET runs = d.runs + excluded.runs),
        pairs AS (
            INSERT INTO run_day_pairs AS p (tenant, type, state, created, ended, runs) \(pairs(of: "change", from: "wide"))
            ON CONFLICT (tenant, type, state, created, ended) DO UPDATE SET runs = p.runs + excluded.runs),
        hours AS (
            INSERT INTO run_hours AS h (tenant, type, state, created, ended, runs) SELECT * FROM wide
            ON CONFLICT (tenant, type, state, created, ended) DO UPDATE SET runs = h.runs + excluded.runs)
        SELECT count(*) FROM taken
        """

    /// Subtracts the runs that were created in the hours from $1 up to $2.
    static let forget = [
        """
        UPDATE run_days AS d SET runs = d.runs - g.runs FROM (
            SELECT tenant, type, state, day_of(ended) AS day, sum(runs) AS runs FROM run_hours
            WHERE created >= $1 AND created < $2 AND ended > \(minimum) GROUP BY 1, 2, 3, 4) AS g
        WHERE d.tenant = g.tenant AND d.timeline = 1 AND d.type = g.type AND d.state = g.state AND d.day = g.day
        """,
        "DELETE FROM run_days WHERE timeline = 0 AND day >= day_of($1) AND day < day_of($2)",
        "DELETE FROM run_day_pairs WHERE created >= day_of($1) AND created < day_of($2)",
        "DELETE FROM run_hours WHERE created >= $1 AND created < $2",
    ]

    /// Counts that differ from the runs, a row for each.
    static let wrong = """
        SELECT 1 FROM (
            SELECT tenant, type, state, created, ended, runs FROM run_hours WHERE type <> 0 AND state <> -1
            UNION ALL
            SELECT tenant, type, state, hour_of(created_at), \(ended("ended_at")), sum(change) FROM run_changes
            GROUP BY 1, 2, 3, 4, 5
            UNION ALL
            SELECT tenant, type, state, hour_of(created_at), \(ended("ended_at")), -count(*) FROM runs GROUP BY 1, 2, 3, 4, 5
        ) AS c GROUP BY tenant, type, state, created, ended HAVING sum(runs) <> 0
        UNION ALL
        SELECT 1 FROM (
            SELECT tenant, type, state, created, ended, runs FROM run_hours WHERE type = 0 OR state = -1
            UNION ALL
            SELECT c.tenant, d.type, d.state, c.created, c.ended, -sum(c.runs) FROM run_hours AS c \(anyOf("c"))
            WHERE c.type <> 0 AND c.state <> -1 AND (d.type = 0 OR d.state = -1) GROUP BY 1, 2, 3, 4, 5
        ) AS c GROUP BY tenant, type, state, created, ended HAVING sum(runs) <> 0
        UNION ALL
        SELECT 1 FROM (
            SELECT tenant, type, state, created, ended, runs FROM run_day_pairs
            UNION ALL
            SELECT tenant, type, state, created, ended, -runs FROM (\(pairs(of: "runs", from: "run_hours"))) AS h
        ) AS c GROUP BY tenant, type, state, created, ended HAVING sum(runs) <> 0
        UNION ALL
        SELECT 1 FROM (
            SELECT tenant, timeline, type, state, day, runs FROM run_days
            UNION ALL
            SELECT tenant, timeline, type, state, day, -runs FROM (\(days(of: "runs", from: "run_hours"))) AS h
        ) AS c GROUP BY tenant, timeline, type, state, day HAVING sum(runs) <> 0
        """

    private static let minimum = "'\(noEnd)'::bigint"

    private static func ended(_ column: String) -> String { "coalesce(hour_of(\(column)), \(minimum))" }

    /// A cell of one type and state, and the cells of any type or state that include it.
    private static func anyOf(_ cell: String) -> String {
        """
        CROSS JOIN LATERAL (VALUES (\(cell).type, \(cell).state), (0, \(cell).state), (\(cell).type, -1::smallint),
            (0, -1::smallint)) AS d (type, state)
        """
    }

    /// Cells of days for ended runs, from cells of hours.
    private static func pairs(of count: String, from cells: String) -> String {
        """
        SELECT c.tenant, c.type, c.state, day_of(c.created) AS created, day_of(c.ended) AS ended, sum(c.\(count)) AS runs
        FROM \(cells) AS c WHERE c.ended > \(minimum) GROUP BY 1, 2, 3, 4, 5 HAVING sum(c.\(count)) <> 0
        """
    }

    /// Days from cells of hours.
    private static func days(of count: String, from cells: String) -> String {
        """
        SELECT c.tenant, d.timeline, c.type, c.state, day_of(d.hour) AS day, sum(c.\(count)) AS runs FROM \(cells) AS c
        CROSS JOIN LATERAL (VALUES (0::smallint, c.created), (1::smallint, c.ended)) AS d (timeline, hour)
        WHERE d.hour > \(minimum) GROUP BY 1, 2, 3, 4, 5 HAVING sum(c.\(count)) <> 0
        """
    }
}
