import Foundation
import Glibc
import ProgramTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import TaskRunners

/// Adoption without cgroups is tested with the whole program, because it needs its own process.
@Suite("Containment of a task's processes", .timeLimit(.minutes(5)))
struct ContainmentTests {
    /// Empty on a machine without usable cgroups.
    private static let cgroups: [TaskCgroups] = TaskCgroups.ofService().map { [$0] } ?? []

    /// Prints the pid of a process that has left its session, group, parent and environment and ignores SIGTERM, once it has done so.
    /// Ends then, unless it gets an argument.
    private static let daemon = """
        import os, signal, sys, time
        news, end = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.write(1, b"daemon %d\\n" % os.getpid())
                null = os.open("/dev/null", os.O_RDWR)
                for descriptor in (0, 1, 2): os.dup2(null, descriptor)
                os.execve("/bin/sleep", ["sleep", "1000"], {})
            os._exit(0)
        os.close(end)
        os.wait()
        os.read(news, 1)
        print("alone", flush=True)
        if sys.argv[1:]: time.sleep(1000)
        """

    private static func daemon(of report: Recorder) throws -> Child {
        let line = try #require(report.lines.first { $0.hasPrefix("daemon ") })
        return Child(String(line.dropFirst("daemon ".count)))
    }

    private func workshop(_ cgroups: TaskCgroups, grace: Duration = .seconds(3_600), time: any TimeSource = SystemTime()) throws
        -> CommandWorkshop
    {
        let containment = TaskContainment(cgroups: cgroups, adopted: nil)
        return try CommandWorkshop(grace: grace, processes: ProcessSettings(containment: containment), time: time)
    }

    @Test(arguments: cgroups)
    func isEmptiedWhenTheTaskSucceeds(cgroups: TaskCgroups) async throws {
        let workshop = try workshop(cgroups)
        let report = Recorder()
        #expect(try await workshop.python(Self.daemon, reporting: report) == .succeeded(TaskOutput()))
        #expect(report.lines.last == "alone")
        #expect(try !Self.daemon(of: report).isAlive)
    }

    @Test(arguments: cgroups)
    func isEmptiedWhenTheTaskIsStopped(cgroups: TaskCgroups) async throws {
        let time = TestClock()
        let workshop = try workshop(cgroups, grace: .seconds(10), time: time)
        let report = Recorder()
        let attempt = try workshop.attempt(["python3", "-c", Self.daemon, "stay"])
        let running = Task { await workshop.runner.run(attempt, reporting: report) }
        await report.hasPrinted("alone")
        running.cancel()
        await time.untilSleeping(for: .seconds(10))
        time.advance(by: .seconds(10))
        #expect(await running.value == .stopped)
        #expect(try !Self.daemon(of: report).isAlive)
    }

    @Test(arguments: cgroups)
    func isUsedAgainByTheNextTask(cgroups: TaskCgroups) async throws {
        let workshop = try workshop(cgroups)
        var places: Set<String> = []
        for _ in 0..<20 {
            let report = Recorder()
            // With a cgroup below it, which must be removed before the reuse.
            let script = "place=$(grep ^0:: /proc/self/cgroup); echo $place; mkdir \"$0/${place##*/}/below\""
            let words = ["sh", "-c", script, cgroups.path]
            #expect(try await workshop.run(words, reporting: report) == .succeeded(TaskOutput()))
            places.insert(try #require(report.lines.first))
        }
        // Other tests use some of the cgroups at the same time.
        #expect(places.count < 10)
        #expect(places.allSatisfy { $0.contains("/weir-\(ServiceMark.own.text).") })
    }

    @Test(arguments: cgroups)
    func ofAServiceThatIsGoneIsEmptiedByTheNext(cgroups: TaskCgroups) async throws {
        // A separate parent: every service that starts beside this test would empty the cgroup too.
        let parent = "\(cgroups.path)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
        let next = try #require(TaskCgroups(in: parent))
        // The same pid with another start time: a process that no longer exists.
        let left = "\(parent)/weir-\(ServiceMark.own.text)1.1"
        try FileManager.default.createDirectory(atPath: left + "/1", withIntermediateDirectories: true)
        let sleep = try SpawnedProgram("/bin/sleep", ["1000"]).start()
        try "\(sleep)".write(toFile: left + "/1/cgroup.procs", atomically: false, encoding: .utf8)
        next.endOrphans()
        #expect(await SpawnedProgram.end(of: sleep) == -SIGKILL)
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(FileManager.default.fileExists(atPath: next.path))
        next.remove()
        #expect(rmdir(parent) == 0)
    }

    @Test func aCommandStartsWithNoSignalBlockedOrIgnored() async throws {
        signal(SIGWINCH, SIG_IGN)
        defer { signal(SIGWINCH, SIG_DFL) }
        let report = Recorder()
        _ = try await CommandWorkshop().run(["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"], reporting: report)
        #expect(report.lines == ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"])
    }

    @Test func aCommandGetsTheLimitsThatTheServiceBeganWith() async throws {
        let report = Recorder()
        let processes = ProcessSettings(descriptorLimit: 333, fileMask: 0o027)
        _ = try await CommandWorkshop(processes: processes).run(["sh", "-c", "ulimit -Sn; umask"], reporting: report)
        #expect(report.lines == ["333", "0027"])
    }

    @Test(arguments: [
        (StartFailure.Step.process, EMFILE, true), (.process, EAGAIN, true), (.streams, ENFILE, true),
        (.program, EAGAIN, false), (.program, ENOENT, false), (.directory, EACCES, false), (.user, EPERM, false),
    ])
    func whatPassesByItselfIsToldFromWhatDoesNot(step: StartFailure.Step, reason: CInt, isShortage: Bool) {
        #expect(StartFailure(step: step, reason: reason).isShortage == isShortage)
    }

    @Test func aShortageIsNeverTheCustomersFault() {
        #expect(CommandFault.shortage(StartFailure(step: .process, reason: EMFILE)).attribution == .platform)
        #expect(CommandOutput.reading(.noDescriptor).failureAttribution == .platform)
    }
}

extension Result where Failure == RunError {
    fileprivate var failureAttribution: Attribution? {
        if case .failure(let error) = self { error.attribution } else { nil }
    }
}
