import Foundation
import ProgramTestKit
import Testing

@testable import weir

@Suite("Tenants on the command line", .timeLimit(.minutes(10)))
struct TenantVerbTests {
    private let directory: TemporaryDirectory
    private var store: [String] { ["--data", directory.path + "/data"] }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func aLimitOfAnUnknownTenantCreatesItAndSaysSo() async throws {
        _ = try await ServerProcess.makeKey(on: store)
        func set(_ tenant: String) async throws -> Program.Ended {
            try await Program.run(["tenants", "set", tenant, "--rate-limit", "50"] + store)
        }
        #expect(try await set("acme").messages == "Set the limits of tenant acme.\n")
        let typo = try await set("amce")
        #expect(typo.status == 0)
        #expect(typo.messages == "Created tenant amce and set its limits.\n")
        #expect(try await set("amce").messages == "Set the limits of tenant amce.\n")
    }

    @Test func aMissingTenantIsAUsageErrorOfEveryVerb() async throws {
        let server = try await ServerProcess.start(directory.path + "/data")
        let key = try await server.makeKey()
        var environment = server.environment(key)
        environment["WEIR_TENANT"] = ""
        let file = try directory.write(History.text(1...1), to: "history.ndjson")
        let lines = [
            ["runs"], ["start", "cg-none"], ["configs"], ["alerts"], ["show", "wf-none"], ["token", "--days", "2"],
            ["import", file] + store, ["keys", "create", "--name", "x", "--policy", "viewer"] + store,
            ["alerts", "receivers", "drop", "x"] + store,
            ["alerts", "receivers", "add", "--name", "x", "--url", "https://1.1.1.1/x"] + store,
        ]
        for line in lines {
            let ended = try await Program.run(line, environment: environment)
            #expect(ended.status == ExitStatus.usage.rawValue, "\(line): \(ended.messages)")
            #expect(ended.messages.contains("The tenant is missing: name it with --tenant, or set WEIR_TENANT."), "\(line)")
        }
        #expect(try await server.end(with: SIGTERM) == 0)
    }
}
