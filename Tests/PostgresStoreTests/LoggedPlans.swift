import Foundation
import PostgresClusterKit
import PostgresTestKit

/// The executed plans of a database, from the server's log.
struct LoggedPlans {
    private let database: TestDatabase
    private let log: URL
    /// The length of the log before.
    private let begin: UInt64

    /// Logs the plans of all later sessions of that database.
    init(of database: TestDatabase) async throws {
        self.database = database
        log = URL(fileURLWithPath: database.cluster.directory + "/primary/log")
        begin = try FileHandle(forReadingFrom: log).seekToEnd()
        try await database.cluster.sql(
            """
            ALTER DATABASE \(database.name) SET session_preload_libraries = 'auto_explain';
            ALTER DATABASE \(database.name) SET auto_explain.log_min_duration = 0;
            """)
    }

    /// The tables that were scanned, without the server's own. A plan is logged before its statement is answered.
    func tablesReadWhole() throws -> Set<String> {
        let file = try FileHandle(forReadingFrom: log)
        try file.seek(toOffset: begin)
        let text = Data("\n".utf8) + (try file.readToEnd() ?? Data())
        return Set(text.words(after: "Seq Scan on ", inEntriesOf: database.name).filter { !$0.hasPrefix("pg_") })
    }
}

extension Data {
    /// The words after the occurrences of a text in the log entries of a database. An entry begins with `in` and the
    /// database's name, and its further lines with a tab.
    fileprivate func words(after text: String, inEntriesOf name: String) -> [String] {
        let (wanted, head, own) = (Data(text.utf8), Data("\nin ".utf8), Data("\nin \(name): ".utf8))
        var words: [String] = []
        var rest = startIndex..<endIndex
        while let found = range(of: wanted, in: rest) {
            if let entry = range(of: head, options: .backwards, in: startIndex..<found.lowerBound),
                self[entry.lowerBound...].starts(with: own)
            {
                let word = self[found.upperBound...].prefix { $0 != 0x20 && $0 != 0x0A }
                words.append(String(decoding: word, as: UTF8.self))
            }
            rest = found.upperBound..<endIndex
        }
        return words
    }
}
