import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Secrets of tasks")
struct SecretTests {
    /// Secrets of one tenant, and what was asked for.
    private final class Safe: SecretSource {
        private let state = Mutex<(values: [ExactText: SecretValue], asked: [Set<ExactText>], refusals: Int)>(([:], [], 0))

        init(_ values: [String: String] = [:], refusals: Int = 0) throws {
            for (name, text) in values {
                let value = try SecretValue(text)
                state.withLock { $0.values[name] = value }
            }
            state.withLock { $0.refusals = refusals }
        }

        func formerValues(ofSecrets names: Set<ExactText>, of tenant: Tenant) -> [SecretValue] {
            names == ["warehouse"] ? [try? SecretValue("old donkey")].compactMap(\.self) : []
        }

        var asked: [Set<ExactText>] { state.withLock { $0.asked } }

        func values(ofSecrets names: Set<ExactText>, of tenant: Tenant) async throws -> [ExactText: SecretValue] {
            let (values, isRefused) = state.withLock { state in
                state.asked.append(names)
                state.refusals -= 1
                return (state.values, state.refusals >= 0)
            }
            if isRefused { throw SecretsUnavailable("All nodes need the same --secrets-key-file.") }
            return tenant == EngineBench.acme ? values.filter { names.contains($0.key) } : [:]
        }
    }

    private func withBench(_ safe: Safe, _ body: (EngineBench) async throws -> Void) async throws {
        try await EngineBench.with { bench in
            var bench = bench
            bench.secrets = safe
            try await body(bench)
        }
    }

    @Test("are in the environment of an attempt, asked for by name, and masked in what it leaves")
    func masked() async throws {
        let safe = try Safe(["warehouse": "correct horse", "other": "battery staple"])
        try await withBench(safe) { bench in
            let error = RunError(
                attribution: .customer, type: "test/x", message: "No correct horse", data: JSONText(.string("correct%20horse")))
            let output = TaskOutput(values: JSONText(.object(["a": .string("correct horse")])), runID: "correct horse")
            let runner = ScriptedRunner(["a": [.init(.outcome(.succeeded(output)))], "b": [.init(.outcome(.failed(error)))]])
            try await bench.running(runner) { _ in
                let env = #"env: {PASSWORD: "x${secrets.warehouse}y"}"#
                let run = try await bench.start(EngineBench.task("a", env), EngineBench.task("b", env + ", needs: [a]"))
                let details = try await bench.end(of: run)
                #expect(details.run.error?.message == "Task b: No ***" && details.run.error?.data == JSONText(.string("***")))
                #expect(try await bench.task("a", of: run).engineRunID == "***")
            }
            let attempt = try #require(runner.record.attempts(of: "a").first)
            #expect(attempt.definition.env == [EnvironmentVariable(name: "PASSWORD", value: "xcorrect horsey")])
            // Work outside may still answer with the value that the secret had before.
            #expect(attempt.mask.masked("the old donkey") == "the ***")
            #expect(attempt.mask.masked("correct horse") == "***" && attempt.mask.masked("battery staple") == "battery staple")
            #expect(runner.record.attempts(of: "b").first?.inputs["a"]?.text == #"{"a":"***"}"#)
            #expect(safe.asked == [["warehouse"], ["warehouse"]])
            #expect(!"\(bench.log)".contains("horse"))
        }
    }

    @Test("that are not set fail the task as the customer's mistake, which is not tried again")
    func missing() async throws {
        let safe = try Safe(["warehouse": "correct horse"])
        try await withBench(safe) { bench in
            let runner = ScriptedRunner()
            try await bench.running(runner) { _ in
                let run = try await bench.start(
                    EngineBench.task("a", #"env: {A: "${secrets.warehouse}", B: "${secrets.none}"}, retry: {attempts: 3}"#))
                let error = try #require(try await bench.end(of: run).run.error)
                #expect(error.attribution == .customer && error.type == "weir.task/secret")
                #expect(
                    error.message
                        == "Task a: The secret none is not set. Set it with weir secrets set none, then run the task again.")
            }
            #expect(runner.record.attempts.isEmpty)
        }
    }

    @Test("that the node cannot decrypt fail the attempt as the platform's fault, and the next attempt asks again")
    func unavailable() async throws {
        let safe = try Safe(["warehouse": "correct horse"], refusals: 1)
        try await withBench(safe) { bench in
            let runner = ScriptedRunner()
            try await bench.running(runner) { _ in
                let run = try await bench.start(
                    EngineBench.task("a", #"env: {A: "${secrets.warehouse}"}, retry: {attempts: 2, first_delay: 10s}"#))
                try await bench.until("a", of: run, is: .inProgress)
                let error = try #require(try await bench.task("a", of: run).error)
                #expect(error.attribution == .platform && error.type == "weir.worker/secrets")
                await bench.clock.untilSleeping { $0 <= .seconds(20) && $0 > .seconds(1) }
                bench.clock.advance(by: .seconds(30))
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
            #expect(safe.asked.count == 2)
        }
    }

    @Test("of one task have a limit together")
    func limit() async throws {
        let names = (0..<5).map { "s\($0)" }
        let text = String(repeating: "x", count: SecretRule.longestOfTask / 5 + 1)
        let safe = try Safe(Dictionary(uniqueKeysWithValues: names.map { ($0, text) }))
        try await withBench(safe) { bench in
            let runner = ScriptedRunner()
            try await bench.running(runner) { _ in
                let env = names.map { #"V\#($0): "${secrets.\#($0)}""# }.joined(separator: ", ")
                let run = try await bench.start(EngineBench.task("a", "env: {\(env)}"))
                let error = try #require(try await bench.end(of: run).run.error)
                #expect(error.type == "weir.task/secret" && error.message.contains("Accepted: 65536 at most."))
            }
            #expect(runner.record.attempts.isEmpty)
        }
    }
}
