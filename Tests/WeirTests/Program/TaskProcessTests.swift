import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

@testable import weir

/// How a service ends processes that its tasks leave behind, in every kind of environment.
@Suite("The processes of tasks", .timeLimit(.minutes(10)))
struct TaskProcessTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Starts a service with cgroups, without them, as the first process, and as both.
    private static let places: [[String]] = {
        let withoutCgroups = ["/bin/sh", "-c", "mount -t tmpfs none /sys/fs/cgroup && exec \"$@\"", "sh"]
        let first = ["/usr/bin/unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
        // Creating namespaces needs root on some systems.
        return geteuid() == 0
            ? [[], ["/usr/bin/unshare", "--mount"] + withoutCgroups, first, first + withoutCgroups] : [[]]
    }()

    /// A process that leaves its session, group, parent and environment, and ignores SIGTERM.
    private func daemon(_ mark: String) -> String {
        """
        import os, signal, sys, time
        news, end = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                null = os.open("/dev/null", os.O_RDWR)
                for descriptor in (0, 1, 2): os.dup2(null, descriptor)
                os.execve("/bin/sleep", ["sleep", "\(mark)"], {})
            os._exit(0)
        os.close(end)
        os.wait()
        os.read(news, 1)
        if sys.argv[1:]:
            open(sys.argv[1], "w").write("%d\\n" % os.getpid())
            time.sleep(1000)
        """
    }

    private func apply(_ command: String, to server: ServerProcess, _ key: [String: String]) async throws {
        let text = """
            id: cg-process
            name: Process
            type: test.process/run
            stages:
              - name: Only
                tasks:
                  - {id: one, label: One, type: test.process, command: \(command), grace: 1s}
            """
        let file = try directory.write(text, to: "process.yaml")
        let applied = try await Program.run(["apply", file], environment: server.environment(key))
        try #require(applied.status == 0, "\(applied.messages)")
    }

    @Test(arguments: places)
    func areGoneWithTheirTaskAndLeaveNoZombies(launcher: [String]) async throws {
        let mark = String(UInt64.random(in: 1_000_000_000...9_999_999_999))
        try directory.write(daemon(mark), to: "daemon.py")
        let server = try await ServerProcess.start(data, through: launcher)
        let service = launcher.contains("--fork") ? try #require(Self.children(of: server.processID).first) : server.processID
        let key = try await server.makeKey()
        let client = server.client(key)

        // The task succeeds beside another one: processes of the other one stay.
        try await apply("[python3, daemon.py, pid]", to: server, key)
        let long = try await client.start(.init(configuration: "cg-process")).run.id
        _ = try await ServiceProcessTests.number(in: directory.path + "/pid")
        #expect(Self.processes(named: mark).count == 1)
        try await apply("[python3, daemon.py]", to: server, key)
        #expect(try await Program.run(["start", "cg-process", "--wait"], environment: server.environment(key)).status == 0)
        #expect(Self.processes(named: mark).count == 1)

        // The run is stopped.
        #expect(
            try await Program.run(["stop", long.rawValue, "--wait"], environment: server.environment(key)).messages.isEmpty == false
        )
        #expect(Self.processes(named: mark).isEmpty)

        // Leaves ten zombies.
        try directory.write("for n in 1 2 3 4 5 6 7 8 9 10; do (sleep 0.01 &); done; sleep 0.1; exit 5", to: "orphans.sh")
        try await apply("[sh, orphans.sh]", to: server, key)
        #expect(try await ServiceProcessTests.run(on: server, key).run.error?.message.contains("exit code 5") == true)
        try await Patience.wait(until: "all children are alive") {
            Self.children(of: service).allSatisfy(ServiceProcessTests.isAlive)
        }

        kill(service, SIGTERM)
        #expect(try await server.end(with: 0) == 0)
    }

    @Test func waitWhileNoDescriptorIsLeftAndDoNotCountThatAsAnAttempt() async throws {
        let server = try await ServerProcess.start(data)
        let key = try await server.makeKey()
        try await apply("[\"true\"]", to: server, key)
        let client = server.client(key)
        _ = try await client.runs()
        let used = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.processID)/fd").count
        // Some descriptors are left for libdispatch.
        try await Self.setDescriptorLimit(used + 10, of: server.processID)
        let run = try await client.start(.init(configuration: "cg-process")).run.id
        try await Patience.wait(until: "the log has it") { server.log.contains("tasks cannot be started; ready tasks wait") }
        #expect(try await client.run(run).tasks.map(\.state) == [.scheduled])
        try await Self.setDescriptorLimit(1_024, of: server.processID)
        try await Patience.wait(until: "the log has it") { server.log.contains("tasks can be started again") }
        #expect(try await Program.run(["start", "cg-process", "--wait"], environment: server.environment(key)).status == 0)
        let details = try await client.run(run)
        let task = try #require(details.tasks.first)
        #expect(details.run.state == .succeeded)
        #expect(try await client.output(of: task.id, in: run).attempt == 1)
        #expect(server.log.components(separatedBy: "tasks cannot be started").count == 2)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func runAsAnotherUserThatReachesNothingOfTheService() async throws {
        guard geteuid() == 0 else {
            let refused = try await Program.run(["serve", "--data", data, "--port", "0", "--run-as", "nobody"])
            #expect(refused.status == ExitStatus.notAllowed.rawValue)
            #expect(refused.messages.hasPrefix("weir: --run-as needs permission to change user. Run the service as root"))
            return
        }
        let closed = try await Program.run(["serve", "--data", data, "--port", "0", "--run-as", "nobody"])
        #expect(closed.status == ExitStatus.settings.rawValue)
        #expect(closed.messages.contains("it may not enter \(directory.path). Choose another --data, or run chmod o+x"))
        for (name, message) in [("root", "would not protect the service"), ("no-such-user", "User no-such-user not found")] {
            let refused = try await Program.run(["serve", "--data", data, "--port", "0", "--run-as", name])
            #expect(refused.status == ExitStatus.settings.rawValue && refused.messages.contains(message))
        }

        chmod(directory.path, 0o711)
        let server = try await ServerProcess.start(data, ["--run-as", "nobody"])
        let key = try await server.makeKey()
        let script = """
            id -un; cat \(data)/weir.db; ls \(data); cat /proc/$PPID/environ; kill -0 $PPID; touch \(data)/here
            echo '{"user":"'$(id -un)'"}' > "$WEIR_OUTPUT"
            """
        try await apply("[sh, -c, \(Self.quoted(script))]", to: server, key)
        let again = try await ServiceProcessTests.run(on: server, key)
        #expect(again.run.state == .succeeded)
        let task = try #require(again.tasks.first)
        let seen = String(decoding: try await server.client(key).output(of: task.id, in: task.run).bytes, as: UTF8.self)
        #expect(seen.hasPrefix("nobody\n"))
        #expect(seen.components(separatedBy: "denied").count - 1 >= 4 && seen.contains("not permitted"))
        #expect(!seen.contains("SQLite format") && !seen.contains("weir.sock"))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    private static func quoted(_ text: String) -> String {
        "\""
            + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            .replacingOccurrences(of: "\n", with: "\\n") + "\""
    }

    private static func setDescriptorLimit(_ limit: Int, of process: Int32) async throws {
        let setting = try SpawnedProgram("/usr/bin/prlimit", ["--pid", "\(process)", "--nofile=\(limit):"]).start()
        try #require(await SpawnedProgram.end(of: setting) == 0)
    }

    // MARK: Inspection

    private static func allProcesses() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    }

    /// The living processes whose command line contains this word.
    private static func processes(named word: String) -> [Int32] {
        allProcesses().filter { process in
            let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return line.split(separator: 0).contains { String(decoding: $0, as: UTF8.self) == word }
                && ServiceProcessTests.isAlive(process)
        }
    }

    /// Including zombies.
    private static func children(of parent: Int32) -> [Int32] {
        allProcesses().filter { process in
            guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let name = line.lastIndex(of: ")")
            else { return false }
            return line[name...].split(separator: " ").dropFirst(2).first == "\(parent)"
        }
    }
}
