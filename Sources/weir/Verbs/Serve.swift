import ArgumentParser
import Foundation
import PostgresStore
import WorkflowModel
import WorkflowOperations

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the service: API and workers in one process.",
        discussion: """
            Prints one line with its address once it listens. The log goes to standard error. SIGTERM and SIGINT shut it down \
            gracefully: running tasks are stopped, and tried again after the next start. A further signal, a second or more later, ends it at once.

            One process owns a data directory. weir keys, weir tenants and weir import reach it through a socket in the directory. \
            With --database, several processes on several machines form one service; a client can use any node. Each node keeps \
            the working files of its tasks in its data directory. Prefer PGPASSWORD or ~/.pgpass to a password in the address.

            EXAMPLE
              weir serve --data /var/lib/weir --host 0.0.0.0 --workers 8
              weir serve --data /var/lib/weir \\
                  --database 'postgres://weir@db.example/weir?sslmode=verify-full'
            """)

    @OptionGroup var data: NodeDataOptions
    @OptionGroup var service: ServiceOptions
    @OptionGroup var alerts: AlertOptions

    @Option(
        help: ArgumentHelp("Connections to the database, besides one for notifications. (default: 10)", valueName: "number"),
        transform: Reading.number(1...1_000))
    var databaseConnections: Int?

    @Option(
        help: ArgumentHelp(
            "Hot standby of the database that serves lists and reads; may be repeated.", valueName: "address"),
        transform: Reading.database)
    var readReplica: [DatabaseAddress] = []

    @OptionGroup var keys: SecretKeyOptions

    @Flag(name: .customLong("no-api"), help: "Run tasks only, without the API.")
    var noAPI = false

    @Option(
        name: .customLong("run-as"),
        help: ArgumentHelp("User that commands run as. The service needs permission to change user.", valueName: "user"))
    var taskUser: String?

    func validate() throws {
        if noAPI, service.workers == 0 {
            throw ValidationError("--no-api and --workers 0 exclude each other: nothing would be left to do.")
        }
        _ = try service.terms(isShared: data.database != nil)
        if data.database == nil, databaseConnections != nil {
            throw ValidationError("--database-connections needs --database.")
        }
        if data.database == nil, !readReplica.isEmpty {
            throw ValidationError("--read-replica needs --database: it names a standby of that database.")
        }
    }

    func run() async throws {
        var plan = try ServicePlan(service, hasAPI: !noAPI, store: data.location, directory: data.directory)
        plan.readReplicas = readReplica
        plan.alertAddresses = alerts.policy
        plan.publicURL = alerts.publicURL
        plan.secretsKeyFile = keys.secretsKeyFile
        if let databaseConnections { plan.databaseConnections = databaseConnections }
        if let taskUser {
            let directory = plan.dataDirectory
            plan.taskUser = try await OwnThread.run { try TaskUserCheck.user(taskUser, dataDirectory: directory) }
            // From here on, the files of the service are private.
            plan.fileMask = umask(0o077)
        }
        ServiceProcess.close(&plan)
        let store = try await RunningService.openStore(plan)
        do {
            if let user = plan.taskUser {
                let directory = plan.dataDirectory
                try await OwnThread.run { try TaskUserCheck.open(directory, to: user) }
            }
            try await RunningService(plan: plan, store: store).run { url in
                try Console.standard.announce(url.map { "Listening on \($0)" } ?? "Working, without an API")
            }
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }
}
