import WorkflowModel
import WorkflowTestKit

extension Simulation {
    private static let observer = "c-observer"

    /// A workflow after all others. Nothing decides about its firings, which only show the ends of the runs.
    func addTrigger() async throws {
        _ = try await store.saveConfiguration(
            ConfigurationDraft(
                version: ConfigurationVersionID(at: now, using: random), tenant: Self.tenant, configuration: Self.observer,
                name: "Observer", type: "test/observer", source: ConfigurationSource(text: "observer", format: .yaml),
                author: StoreBench.someone,
                triggers: (Self.configurations + [Self.called]).map { AfterTrigger(after: $0, on: [.any]) }),
            at: now)
    }

    /// At any time, each ended run has fired the trigger once, with the state of its end.
    func observeFirings() async throws {
        let expected = observations.ended.values.map { "\($0.run.id) \($0.run.state)" }.sorted()
        let query = FiringQuery(tenant: Self.tenant, configuration: Self.observer, limit: 10_000)
        // Firings outlive runs that a bulk operation deletes.
        let known = Set(runs.map(\.id))
        let found = try await store.firings(matching: query).firings.compactMap { firing -> String? in
            guard case .run(let run, _, let state) = firing.cause else { return "a call" }
            return known.contains(run) ? "\(run) \(state)" : nil
        }.sorted()
        if found != expected { observations.complain("firings are \(found), not \(expected)") }
    }
}
