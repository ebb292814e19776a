import ArgumentParser
import Foundation
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowServer

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a service with a demo tenant, a key and sample workflows.",
        discussion: """
            The data goes to a temporary directory, which is removed at the end, unless --data names one. Prints a sign-in link, a \
            token, and a curl command that lists the runs. The sample workflows need python3.

            EXAMPLE
              weir demo --port 9000
            """)

    @Option(help: ArgumentHelp("Directory for the data. (default: a temporary directory)", valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The repository's directory examples. (default: in the current directory, or above the program)", valueName: "directory"
        ))
    var examples: String?

    @OptionGroup var service: ServiceOptions

    func run() async throws {
        let directory = try data ?? PrivateDirectory.create(for: "demo")
        defer { if data == nil { try? FileManager.default.removeItem(atPath: directory) } }
        var plan = try ServicePlan(service, store: .directory(directory), directory: directory)
        // For receivers on the same machine.
        plan.alertAddresses = AddressPolicy(allowed: ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) })
        ServiceProcess.close(&plan)
        let store = try await RunningService.openStore(plan)
        do {
            let (links, hook) = (SignInLinks(), DemoHook(random: SystemRandom()))
            let setUp = DemoSetUp(plan: plan, store: store, examples: examples, links: links, hook: hook)
            try await RunningService(plan: plan, store: store, hook: hook, links: links).run { url in
                guard let url else { return }
                let text = try await setUp.run(at: url)
                try Console.standard.announce(text)
            }
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }
}
