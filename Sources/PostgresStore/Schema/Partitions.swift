import StoreCore
import WorkflowModel

/// The tables that are partitioned by the month of their run's creation, and how partitions are created.
enum Partitions {
    /// Tables with the column that they are partitioned by.
    static let tables = [
        (name: "runs", column: "created_at"), (name: "tasks", column: "run_created_at"),
        (name: "attempts", column: "run_created_at"), (name: "output_chunks", column: "run_created_at"),
    ]

    /// The months that need partitions at a time: the current one and some ahead.
    static func due(at now: Timestamp) -> [PartitionMonth] {
        (0...PostgresSettings.monthsAhead).map { PartitionMonth(of: now).advanced(by: $0) }
    }

    /// A table is created and then attached, which does not block reads and writes of the others.
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
    /// Creates missing partitions; safe when several nodes do so at once.
    func makePartitions(for months: some Sequence<PartitionMonth>) throws {
        for month in Set(months).sorted() where try !hasPartitions(for: month) {
            // One month per transaction: every created table and index takes a lock, and locks are limited.
            try changingSchema {
                if try !hasPartitions(for: month) { try control(Partitions.statements(for: month)) }
            }
        }
    }

    /// Reads the catalog's rows: functions such as `to_regclass` use a cache that may miss changes by other nodes.
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
    /// The row's month has no partitions.
    var isMissingPartition: Bool { isRefusal(.checkViolation) && constraint == nil }
}
