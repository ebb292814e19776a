import ArgumentParser
import SQLiteStore
import WorkflowModel

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the service: API and workers in one process.",
        discussion: """
            Prints one line with its address once it listens; its log goes to standard error. TERM and INT end it in order: what
            runs is told to end and is tried again at the next start; a second one ends it at once.

            One process owns a data directory. weir keys, weir tenants and weir import reach it through a socket in there.

            EXAMPLE
              weir serve --data /var/lib/weir --host 0.0.0.0 --workers 8
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var service: ServiceOptions

    @Flag(name: .customLong("no-api"), help: "Only work; serve no API.")
    var noAPI = false

    func validate() throws {
        if noAPI, service.workers == 0 { throw ValidationError("With --no-api and --workers 0 there is nothing to do.") }
    }

    func run() async throws {
        let plan = ServicePlan(service, hasAPI: !noAPI, directory: data.data)
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
