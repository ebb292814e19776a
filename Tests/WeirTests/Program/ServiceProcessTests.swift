import Foundation
import ProgramTestKit
import Testing
import UnixSignals
import WorkflowAPI
import WorkflowClient
import WorkflowModel

@testable import weir

@Suite("The service's own process", .timeLimit(.minutes(10)))
struct ServiceProcessTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A workflow of one task that runs `script` with `sh`.
    private func apply(_ script: String, retry: Int = 1, to server: ServerProcess, _ key: [String: String]) async throws {
        let name = "task-\(UUID().uuidString).sh"
        try directory.write(script, to: name)
        let text = """
            id: cg-process
            name: Process
            type: test.process/run
            stages:
              - name: Only
                tasks:
                  - id: one
                    label: One
                    type: test.process
                    command: [sh, \(name)]
                    retry: {attempts: \(retry), first_delay: 10ms}
            """
        let file = try directory.write(text, to: "process.yaml")
        let applied = try await Program.run(["apply", file], environment: server.environment(key))
        try #require(applied.status == 0, "\(applied.messages)")
    }

    @Test func childrenAreReapedDespiteInheritedSignalSettings() async throws {
        let launcher = ["/usr/bin/env", "python3", "-c", Self.unfriendly]
        let server = try await ServerProcess.start(data, through: launcher)
        let key = try await server.makeKey()
        try await apply("exit 3", to: server, key)
        let client = server.client(key)
        let ended = try await Self.run(on: server, key)
        #expect(ended.run.error?.message.contains("exit code 3") == true)
        // SIGHUP stays ignored, as nohup set it. SIGTERM ends the service although it was blocked.
        server.send(SIGHUP)
        #expect(try await client.runs().runs.count == 1)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    private static let unfriendly = """
        import os, signal, sys
        for number in (signal.SIGCHLD, signal.SIGHUP, signal.SIGUSR1): signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
        os.execv(sys.argv[1], sys.argv[1:])
        """

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func aSignalThatEndsItEndsWhatItRunsAndExitsWith0(signal: Int32) async throws {
        let server = try await ServerProcess.start(data, ["--grace", "5s"])
        let key = try await server.makeKey()
        try await apply("echo $$ > pid; exec sleep 1000", retry: 5, to: server, key)
        _ = try await server.client(key).start(.init(configuration: "cg-process"))
        let task = try await Self.number(in: directory.path + "/pid")
        #expect(try await server.end(with: signal) == 0)
        #expect(!Self.isAlive(task))
    }

    /// As `timeout` does, which sends the signal to the process and then to its group.
    @Test func aRepeatedSignalWithinASecondIsTheSameRequest() async throws {
        let server = try await ServerProcess.start(data, ["--grace", "1s"])
        let key = try await server.makeKey()
        try await apply("trap '' TERM; echo $$ > pid; sleep 1000; sleep 1000", retry: 5, to: server, key)
        _ = try await server.client(key).start(.init(configuration: "cg-process"))
        let task = try await Self.number(in: directory.path + "/pid")
        server.send(SIGTERM)
        #expect(try await server.end(with: SIGTERM) == 0)
        #expect(!server.log.contains("weir: stopped at once"))
        try await Patience.wait(until: "the task is gone") { !Self.isAlive(task) }
    }

    @Test func onlyALaterSignalEndsTheServiceAtOnce() {
        var signals = ShutdownSignals()
        #expect(signals.action(for: .sigusr1, at: .zero) == .ignore)
        #expect(signals.action(for: .sigterm, at: .seconds(5)) == .shutDown)
        #expect(signals.action(for: .sigterm, at: .milliseconds(5_001)) == .repeated)
        #expect(signals.action(for: .sigint, at: .milliseconds(5_999)) == .repeated)
        #expect(signals.action(for: .sigterm, at: .seconds(6)) == .endAtOnce)
        var quit = ShutdownSignals()
        #expect(quit.action(for: .sigquit, at: .zero) == .endAtOnce)
    }

    @Test func sigquitEndsTheServiceAndItsTasksAtOnce() async throws {
        let server = try await ServerProcess.start(data, ["--grace", "1h"])
        let key = try await server.makeKey()
        try await apply("trap '' TERM; echo $$ > pid; sleep 1000; sleep 1000", retry: 5, to: server, key)
        _ = try await server.client(key).start(.init(configuration: "cg-process"))
        let task = try await Self.number(in: directory.path + "/pid")
        #expect(try await server.end(with: SIGQUIT) == 128 + SIGQUIT)
        #expect(server.log.contains("weir: stopped at once"))
        #expect(!Self.hasBacktrace(server.log))
        try await Patience.wait(until: "the task is gone") { !Self.isAlive(task) }
    }

    @Test(arguments: [SIGUSR1, SIGUSR2, SIGPIPE, SIGCHLD, SIGWINCH])
    func aSignalWithoutAMeaningIsIgnored(signal: Int32) async throws {
        let server = try await ServerProcess.start(data)
        let client = server.client(try await server.makeKey())
        server.send(signal)
        #expect(try await client.runs().runs.isEmpty)
        if [SIGUSR1, SIGUSR2].contains(signal) {
            try await Patience.wait(until: "the signal is in the log") { server.log.contains("ignored a signal") }
        }
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test(arguments: ["2>&-", "2>/dev/full", "<&- 2>&-"])
    func itWorksThoughItsLogCannotBeWritten(redirection: String) async throws {
        let launcher = ["/bin/sh", "-c", "exec \"$@\" \(redirection)", "sh"]
        let server = try await ServerProcess.start(data, ["--log-level", "debug"], through: launcher)
        let key = try await server.makeKey()
        try await apply("echo fine; exit 4", to: server, key)
        #expect(try await Self.run(on: server, key).run.error?.message == "One: exit code 4: fine")
        #expect(try await server.end(with: SIGTERM) == 0)
        #expect(try await Program.run(["check", "--data", data]).status == 0)
    }

    @Test func aCrashLeavesItsPlaceInTheLogAtOnce() async throws {
        let server = try await ServerProcess.start(data)
        #expect(try await server.end(with: SIGSEGV) == -SIGSEGV)
        #expect(server.log.contains("weir: crashed with SIGSEGV"))
        #expect(!Self.hasBacktrace(server.log))
    }

    @Test func itsTasksFindNoSecretOfItsOwnInProc() async throws {
        let secrets = ["PGPASSWORD": "hidden-one", "STORE_URL": "x://u:hidden-two@h/d", "OTHER_API_TOKEN": "hidden-three"]
        let server = try await ServerProcess.start(data, environment: secrets.merging(["PLAIN": "shown"]) { $1 })
        let key = try await server.makeKey()
        try await apply("cat /proc/$PPID/environ /proc/$PPID/cmdline | tr '\\0' '\\n'; :", to: server, key)
        let task = try #require(try await Self.run(on: server, key).tasks.first)
        let seen = String(decoding: try await server.client(key).output(of: task.id, in: task.run).bytes, as: UTF8.self)
        #expect(!seen.contains("hidden"))
        // Root can read the file: the remaining variables show that the test reads the right place.
        #expect(geteuid() == 0 ? seen.contains("PLAIN=shown") : seen.contains("Permission denied"))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func namesTellWhichVariablesAreSecrets() {
        let names = ["PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "WEIR_TOKEN", "db_passwd", "MYPASSWORD"]
        let others = ["PATH", "HOME", "PGHOST", "PGPASSFILE", "PGSSLKEY", "KEYBOARD", "TOKENIZER", "MONKEY"]
        let environment = Dictionary(uniqueKeysWithValues: (names + others).map { ($0, "value") })
            .merging(["A": "postgres://u:p@h/d", "B": "postgres://u@h:5432/d", "C": "http://h/a:b@c"]) { $1 }
        #expect(ServiceProcess.secrets(among: environment) == (names + ["A"]).sorted())
    }

    // MARK: Waiting

    /// Starts a run and waits for its end.
    static func run(on server: ServerProcess, _ key: [String: String]) async throws -> WorkflowRunDetails {
        let waited = try await Program.run(["start", "cg-process", "--wait"], environment: server.environment(key))
        let client = server.client(key)
        return try await client.run(try #require(try await client.runs().runs.first, "\(waited.messages)").id)
    }

    /// Waits for a file with a number in it.
    static func number(in path: String) async throws -> Int32 {
        var number: Int32?
        try await Patience.wait(until: "a number is in \(path)") {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            number = text.hasSuffix("\n") ? Int32(text.dropLast()) : nil
            return number != nil
        }
        return try #require(number)
    }

    /// Whether a crash reporter has written a backtrace, which takes seconds.
    private static func hasBacktrace(_ log: String) -> Bool {
        log.contains("Program crashed") || log.contains("Backtrace took")
    }

    static func isAlive(_ process: Int32) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let name = line.lastIndex(of: ")")
        else { return false }
        return !line[name...].hasPrefix(") Z")
    }
}
