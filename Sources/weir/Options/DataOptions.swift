import ArgumentParser
import PostgresStore

/// The store that a verb works on.
enum StoreLocation: Hashable, Sendable {
    case directory(String)
    case database(DatabaseAddress)

    /// Whether several nodes can use it.
    var isShared: Bool {
        switch self {
        case .directory: false
        case .database: true
        }
    }
}

struct DataOptions: ParsableArguments {
    static let standardDirectory = "./weir-data"

    @Option(help: ArgumentHelp("Data directory of the service. (default: ./weir-data)", valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "PostgreSQL database of the service, instead of a data directory: postgres://USER@HOST/DATABASE.",
            valueName: "address"),
        transform: Reading.database)
    var database: DatabaseAddress?

    func validate() throws {
        _ = try location()
    }

    /// - Throws: `ValidationError` when two stores are named.
    func location() throws -> StoreLocation {
        guard let database else { return .directory(data ?? Self.standardDirectory) }
        guard data == nil else { throw ValidationError("--data and --database name two stores. Accepted: one of them.") }
        return .database(database)
    }
}
