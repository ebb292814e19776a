import StoreCore
import WorkflowModel

/// How far filing has come. Other ended runs have to be read one by one.
struct FilingState: Equatable {
    /// Ended runs that are read beside the filed ones, at most. With more, lists do not use what is filed: a page with 500 of them
    /// takes some tenths of a millisecond.
    static let mostUnfiled = 500
    /// The same in a list by runtime, which no index serves: sorting so many takes some 20 ms.
    static let mostSorted = 10_000

    /// Whether lists can use what is filed: all older runs are filed, and few others are not.
    let isUsable: Bool

    /// - Parameter limit: ended runs that are not filed, at most.
    init(_ database: DatabaseConnection, upTo limit: Int = mostUnfiled) throws {
        let hasOlder = try database.row("SELECT 1 FROM older_runs") { try $0.next(Int.self) } != nil
        guard !hasOlder else {
            isUsable = false
            return
        }
        let beyond = "SELECT 1 FROM unfiled_runs LIMIT 1 OFFSET ?"
        isUsable = try database.row(beyond, limit) { try $0.next(Int.self) } == nil
    }
}
