import Foundation
import PostgresClusterKit

/// Hand-written statements for a page and a total, and their throughput with `pgbench`.
///
/// The page is one scan of the primary key. Type and principal stay numbers, because joining their names would slow `pgbench` down,
/// while the store caches them.
struct HandWrittenSQL {
    let cluster: PostgresCluster
    let database: String
    let seconds: Double
    let page: String
    let total: String

    init(cluster: PostgresCluster, database: String, seconds: Double) async throws {
        (self.cluster, self.database, self.seconds) = (cluster, database, seconds)
        let tenant = try await cluster.sql("SELECT number FROM weir.tenants WHERE name = '\(LoadedHistory.tenant)'", in: database)
        // One row more than the page, which shows whether another page exists.
        page = """
            SELECT id, name, type, state, created_at, ended_at, principal, error_attribution, error_type, error_message, error_data
            FROM weir.runs WHERE tenant = \(tenant) ORDER BY created_at DESC, id DESC LIMIT \(StoreProbe.limit + 1);\n
            """.replacing("\nFROM", with: " FROM")
        total = "SELECT count(*) FROM weir.runs WHERE tenant = \(tenant);\n"
    }

    /// - Returns: executions of the script per second, prepared, over as many connections as the store has.
    func rate(of script: String) async throws -> Double {
        let file = "\(cluster.directory)/script.sql"
        try script.write(toFile: file, atomically: false, encoding: .utf8)
        let printed = try await cluster.run(
            "pgbench",
            [
                "--no-vacuum", "--protocol", "prepared", "--client", "\(Bench.databaseConnections)", "--jobs", "1", "--time",
                "\(Int(seconds))", "--file", file, cluster.url(database),
            ])
        guard let line = printed.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let rate = Double(line.dropFirst(6).prefix { $0 != " " })
        else { throw BenchFailure("pgbench printed no rate: \(printed)") }
        return rate
    }
}
