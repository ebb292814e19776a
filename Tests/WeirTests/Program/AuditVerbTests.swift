import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

@Suite("The audit log on the command line", .timeLimit(.minutes(10)))
struct AuditVerbTests {
    private let directory: TemporaryDirectory
    private var store: [String] { ["--data", directory.path + "/data"] }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func events(_ text: String) throws -> [AuditEvent] {
        try AuditListAnswer(json: Array(text.utf8)).events
    }

    @Test func commandsOfOperatorsAndRequestsAreRecorded() async throws {
        let before = try await ServerProcess.makeKey(on: store)
        let server = try await ServerProcess.start(directory.path + "/data")
        let key = try await server.makeKey()
        let receiver = ["add", "--tenant", "acme", "--name", "ops", "--url", "https://1.1.1.1/x"]
        #expect(try await Program.run(["alerts", "receivers"] + receiver + store).status == 0)
        #expect(try await Program.run(["tenants", "set", "acme", "--rate-limit", "50"] + store).status == 0)
        let file = try directory.write(History.text(1...3), to: "history.ndjson")
        #expect(try await Program.run(["import", file, "--tenant", "acme"] + store).status == 0)
        #expect(try await Program.run(["retention", "--older-than", "1d"] + store).status == 0)
        #expect(try await Program.run(["keys", "drop", before["id"] ?? ""] + store).status == 0)

        let environment = server.environment(key)
        let listed = try await Program.run(["audit", "--json"], environment: environment)
        #expect(listed.status == 0, "\(listed.messages)")
        let events = try events(listed.output)
        #expect(
            events.map(\.type) == [
                "weir.token/exchanged", "weir.key/dropped", "weir.retention/started", "weir.workflow/imported",
                "weir.tenant/changed",
                "weir.receiver/created", "weir.key/created", "weir.key/created",
            ])
        #expect(events.dropFirst().allSatisfy { $0.principal == .operator && $0.origin.address.isEmpty })
        #expect(events[1].origin.userAgent == "weir (control socket)")
        #expect(events.last?.origin.userAgent == "weir (command line)")
        #expect(events.first?.origin.address == "127.0.0.1" && events.first?.principal.id == key["id"])
        #expect(events[2].object.name == "3 runs")

        let table = try await Program.run(["audit", "--limit", "2"], environment: environment)
        #expect(table.output.hasPrefix("TIME") && table.messages.hasPrefix("More events exist. Use --all, or --next-token "))
        let lines = try await Program.run(["audit", "--format", "ndjson", "--to", "2999"], environment: environment)
        #expect(lines.output.split(separator: "\n").count == 10)
        let none = try await Program.run(["audit", "--to", "2001"], environment: environment)
        #expect(none.status == 0 && none.messages == "No event in this window.\n")
        let viewer = try await server.makeKey(policy: "viewer")
        let refused = try await Program.run(["audit"], environment: server.environment(viewer))
        #expect(refused.status == ExitStatus.notAllowed.rawValue)

        let checked = try await Program.run(["check", "--audit"] + store)
        #expect(checked.status == 0 && checked.messages == "No problems found.\n")
        #expect(try await server.end(with: SIGTERM) == 0)
        #expect(try await Program.run(["check", "--audit"] + store).status == 0)
        #expect(try await Program.run(["check", "--audit", "--repair"] + store).status == ExitStatus.usage.rawValue)
    }

    @Test func eventsExpireByTheirOwnAge() async throws {
        _ = try await ServerProcess.makeKey(on: store)
        let kept = try await Program.run(["retention", "--older-than", "1d", "--dry-run", "--json"] + store)
        #expect(kept.output.contains(#""audit_events":0,"#), "\(kept.output)")
        let refused = try await Program.run(["retention", "--older-than", "1d", "--audit-older-than", "2h"] + store)
        #expect(refused.status == ExitStatus.usage.rawValue && refused.messages.contains("a duration from 1d to 36500d"))
    }
}
