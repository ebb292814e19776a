import ArgumentParser
import PostgresStore

/// Where a node's store is, and what its commands work on: with a database it has a data directory all the same.
struct NodeDataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the store is, and what commands work on. (default: \(DataOptions.standardDirectory))", valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The PostgreSQL database that nodes share, in place of the store in the data directory: postgres://USER@HOST/DATABASE.",
            valueName: "address"),
        transform: Reading.database)
    var database: DatabaseAddress?

    var directory: String { data ?? DataOptions.standardDirectory }

    var location: StoreLocation { database.map(StoreLocation.database) ?? .directory(directory) }
}
