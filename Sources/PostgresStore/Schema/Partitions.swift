import WorkflowModel

/// The tables that are partitioned by the month of their run's creation, and how a month gets its own.
enum Partitions {
    /// By the name of the column that decides.
    static let tables = [
        (name: "runs", column: "created_at"), (name: "tasks", column: "run_created_at"),
        (name: "attempts", column: "run_created_at"), (name: "output_chunks", column: "run_created_at"),
    ]

    /// Months for which there has to be something to write into, at any time: the one that it is, and some ahead.
    static func due(at now: Timestamp) -> [PartitionMonth] {
        (0...PostgresSettings.monthsAhead).map { PartitionMonth(of: now).advanced(by: $0) }
    }

    /// A table of its own is made and then attached, which disturbs nobody who reads or writes the others meanwhile.
    static func statements(for month: PartitionMonth) -> String {
        tables.map { table in
            let partition = "\(table.name)_\(month.suffix)"
            let unique = table.name == "runs" ? "CREATE UNIQUE INDEX \(partition)_id ON \(partition) (tenant, id);" : ""
            return """
                CREATE TABLE \(partition) (LIKE \(table.name) INCLUDING ALL);
                \(unique)
                ALTER TABLE \(table.name) ATTACH PARTITION \(partition)
                    FOR VALUES FROM (\(month.begin.milliseconds)) TO (\(month.end.milliseconds));
                """
        }.joined(separator: "\n")
    }
}

extension PostgresConnection {
    /// Makes the partitions of those months that have none yet; safe when several nodes do so at once.
    func makePartitions(for months: some Sequence<PartitionMonth>) throws {
        for month in Set(months).sorted() where try !hasPartitions(for: month) {
            // One month at a time: every table and index that a transaction makes takes a lock, and those are limited.
            try changingSchema {
                if try !hasPartitions(for: month) { try control(Partitions.statements(for: month)) }
            }
        }
    }

    /// Reads the catalog's rows: functions such as `to_regclass` answer from a cache that may not have heard of other nodes yet.
    func hasPartitions(for month: PartitionMonth) throws -> Bool {
        try row(
            """
            SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = 'weir' AND c.relname = $1
            """, "runs_\(month.suffix)"
        ) { _ in true } ?? false
    }
}

extension PostgresFailure {
    /// A row of a month that has no partitions (any more).
    var isMissingPartition: Bool { isRefusal(.checkViolation) && constraint == nil }
}
