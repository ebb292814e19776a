import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Configurations that call workflows, over the API")
struct ConfigurationCallTests {
    private func text(_ id: String, calling other: String) -> String {
        """
        id: \(id)
        name: \(id)
        type: test/run
        stages:
          - name: All
            tasks:
              - id: call
                type: workflow.run
                workflow: {config: \(other)}
        """
    }

    @Test("are refused when they come back to themselves, with the line of the call")
    func circles() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let own = try await service.save(text("a", calling: "a"), as: "a", headers)
            #expect(own.status == .badRequest && own.text.contains("a:9: The workflow `a` calls itself"), "\(own.text)")
            #expect(try await service.save(text("b", calling: "a"), as: "b", headers).status == .created)
            let circle = try await service.save(text("a", calling: "b"), as: "a", headers)
            #expect(circle.status == .badRequest && circle.text.contains("never end: a → b → a"), "\(circle.text)")
            #expect(try await service.get(Paths.configuration("a"), headers).status == .notFound)
        }
    }

    @Test("are accepted with a warning when the workflow does not exist yet")
    func unknown() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let saved = try await service.save(text("a", calling: "later"), as: "a", headers)
            #expect(saved.status == .created && saved.text.contains("There is no workflow"), "\(saved.text)")
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            let known = try await service.save(text("c", calling: "cg-daily"), as: "c", headers)
            #expect(known.status == .created && !known.text.contains("There is no workflow"))
        }
    }
}
