import ArgumentParser
import Foundation
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowServer

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a service with a demo tenant, a key and sample workflows that really run.",
        discussion: """
            Its data goes to a temporary directory that is removed at the end, unless --data names one. Prints a link to
            its pages, a token and a curl line that lists the runs. The sample workflows need python3.

            EXAMPLE
              weir demo --port 9000
            """)

    @Option(help: ArgumentHelp("Keep the data here. (default: a temporary directory)", valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The directory examples of the repository. (default: here, or above the program)", valueName: "directory"))
    var examples: String?

    @OptionGroup var service: ServiceOptions

    func run() async throws {
        let directory = try data ?? Self.temporaryDirectory()
        defer { if data == nil { try? FileManager.default.removeItem(atPath: directory) } }
        var plan = ServicePlan(service, store: .directory(directory), directory: directory)
        // To try them out, with a receiver on the same machine.
        plan.alertAddresses = AddressPolicy(allowed: ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) })
        let store = try await RunningService.openStore(plan)
        do {
            let links = SignInLinks()
            let setUp = DemoSetUp(plan: plan, store: store, examples: examples, links: links)
            try await RunningService(plan: plan, store: store, hook: DemoHook(), links: links).run { url in
                guard let url else { return }
                let text = try await setUp.run(at: url)
                Console.standard.print(text)
            }
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }

    private static func temporaryDirectory() throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("weir-demo-\(UUID().uuidString.prefix(8))")
        do {
            // What the samples write is nobody else's business.
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.cannotCreate, "The directory \(url.path) cannot be created: \(FileTrouble.reason(error)).")
        }
        return url.path
    }
}
