import ArgumentParser
import PostgresStore
import WorkflowModel

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the service: API and workers in one process.",
        discussion: """
            Prints one line with its address once it listens; its log goes to standard error. TERM and INT end it in order: what
            runs is told to end and is tried again at the next start; a second one ends it at once.

            One process owns a data directory. weir keys, weir tenants and weir import reach it through a socket in there.
            With --database, any number of processes on any number of machines are one service; what a node's commands work
            on is still kept in its data directory. A password is better in PGPASSWORD or ~/.pgpass than in the address.

            EXAMPLE
              weir serve --data /var/lib/weir --host 0.0.0.0 --workers 8
              weir serve --database 'postgres://weir@db.example/weir?sslmode=verify-full' --data /var/lib/weir
            """)

    @OptionGroup var data: NodeDataOptions
    @OptionGroup var service: ServiceOptions
    @OptionGroup var alerts: AlertOptions

    @Option(
        help: ArgumentHelp("Connections to the database; one more listens. (default: 10)", valueName: "number"),
        transform: Reading.number(1...1_000))
    var databaseConnections: Int?

    @Option(
        help: ArgumentHelp(
            "A hot standby of the database that lists and reads may come from; repeatable.", valueName: "address"),
        transform: Reading.database)
    var readReplica: [DatabaseAddress] = []

    @Flag(name: .customLong("no-api"), help: "Only work; serve no API.")
    var noAPI = false

    func validate() throws {
        if noAPI, service.workers == 0 { throw ValidationError("With --no-api and --workers 0 there is nothing to do.") }
        if data.database == nil, databaseConnections != nil {
            throw ValidationError("--database-connections is of use with --database only.")
        }
        if data.database == nil, !readReplica.isEmpty {
            throw ValidationError("--read-replica is of use with --database only: it names a standby of that database.")
        }
    }

    func run() async throws {
        var plan = ServicePlan(service, hasAPI: !noAPI, store: data.location, directory: data.directory)
        plan.readReplicas = readReplica
        plan.alertAddresses = alerts.policy
        plan.publicURL = alerts.publicURL
        if let databaseConnections { plan.databaseConnections = databaseConnections }
        let store = try await RunningService.openStore(plan)
        do {
            try await RunningService(plan: plan, store: store).run { url in
                Console.standard.print(url.map { "Listening on \($0)" } ?? "Working, without an API")
            }
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }
}
