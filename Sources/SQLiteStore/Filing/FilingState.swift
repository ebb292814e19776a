import StoreCore
import WorkflowModel

/// How far filing has come. Other runs at rest have to be read one by one.
struct FilingState: Equatable {
    /// Runs at rest that are read beside the filed ones, at most. With more, lists do not use what is filed: a page with 500 of them
    /// takes some tenths of a millisecond.
    static let mostUnfiled = 500
    /// The same in a list by runtime, which no index serves: sorting so many takes some 20 ms.
    static let mostSorted = 10_000

    /// Whether lists can use what is filed: all older runs are filed, and few others at rest are not.
    let isUsable: Bool

    init(_ database: DatabaseConnection) throws {
        try self.init(database, upTo: Self.mostUnfiled, of: FilingStateStatement.unfiled)
    }

    /// The same for a list by runtime, which has ended runs only.
    init(byRuntime database: DatabaseConnection) throws {
        try self.init(database, upTo: Self.mostSorted, of: FilingStateStatement.ended)
    }

    private init(_ database: DatabaseConnection, upTo limit: Int, of statement: String) throws {
        let hasOlder = try database.row("SELECT 1 FROM older_runs") { try $0.next(Int.self) } != nil
        guard !hasOlder else {
            isUsable = false
            return
        }
        isUsable = try database.row(statement, limit) { try $0.next(Int.self) } == nil
    }
}

private enum FilingStateStatement {
    static let unfiled = "SELECT 1 FROM unfiled_runs LIMIT 1 OFFSET ?"
    static let ended = """
        SELECT 1 FROM unfiled_runs AS u CROSS JOIN runs AS r ON r.number = u.run WHERE r.ended_at IS NOT NULL LIMIT 1 OFFSET ?
        """
}
