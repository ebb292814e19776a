import StoreCore
import WorkflowModel

/// The tables that are partitioned by the month of their run's creation, and how partitions are created.
enum Partitions {
    /// Tables with the column that they are partitioned by.
    static let tables = [
        (name: "runs", column: "created_at"), (name: "tasks", column: "run_created_at"),
        (name: "attempts", column: "run_created_at"), (name: "output_chunks", column: "run_created_at"),
        (name: "run_marks", column: "run_created_at"), (name: "subject_days", column: "day"),
    ]

    /// The names of a month's tables, in that order.
    static func names(of month: PartitionMonth) -> [String] { tables.map { "\($0.name)_\(month.suffix)" } }

    /// The months that need partitions at a time: the current one and some ahead.
    static func due(at now: Timestamp) -> [PartitionMonth] {
        (0...PostgresSettings.monthsAhead).map { PartitionMonth(of: now).advanced(by: $0) }
    }

    /// A table is created and then attached, which does not block reads and writes of the others.
    /// - Parameter present: the tables of the month that exist.
    static func statements(for month: PartitionMonth, beside present: [String]) -> String {
        zip(tables, names(of: month)).filter { !present.contains($0.1) }.map { table, partition in
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
        for month in Set(months).sorted() where try partitions(of: month).count < Partitions.tables.count {
            // One month per transaction: every created table and index takes a lock, and locks are limited.
            try changingSchema {
                let present = try partitions(of: month)
                if present.count < Partitions.tables.count { try control(Partitions.statements(for: month, beside: present)) }
            }
        }
    }

    /// Creates the tables of all months that a node of an earlier version, or a schema before, did not know.
    func completePartitions() throws {
        try makePartitions(for: try monthsWithPartitions())
    }

    /// The tables of a month that exist, in the order of ``Partitions/tables``.
    ///
    /// Reads the catalog's rows: functions such as `to_regclass` use a cache that may miss changes by other nodes.
    func partitions(of month: PartitionMonth) throws -> [String] {
        let names = Partitions.names(of: month)
        let found = try rows(
            """
            SELECT c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = 'weir' AND c.relname = ANY ($1)
            """, Column(names)
        ) { try $0.next(String.self) }
        return names.filter(found.contains)
    }

    /// The months that have partitions.
    func monthsWithPartitions() throws -> Set<PartitionMonth> {
        let names = try rows(
            """
            SELECT c.relname::text FROM pg_class AS p JOIN pg_namespace AS n ON n.oid = p.relnamespace
            JOIN pg_inherits AS i ON i.inhparent = p.oid JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE n.nspname = 'weir' AND p.relname = 'runs'
            """
        ) { try $0.next(String.self) }
        return Set(names.compactMap { PartitionMonth(suffix: $0.dropFirst("runs_".count)) })
    }
}

extension PostgresFailure {
    /// The row's month has no partitions.
    var isMissingPartition: Bool { isRefusal(.checkViolation) && constraint == nil }
}
