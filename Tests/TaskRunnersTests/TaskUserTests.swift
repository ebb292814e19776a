import Foundation
import Glibc
import Testing
import WorkflowModel

@testable import TaskRunners

/// Tasks as another user. When the tests may not change user, only the error is tested.
@Suite("Tasks that run as another user", .timeLimit(.minutes(5)))
struct TaskUserTests {
    private func workshop() throws -> (CommandWorkshop, TaskUser)? {
        guard TaskUser.missingCapabilities.isEmpty else {
            #expect(geteuid() != 0 || TaskUser.missingCapabilities.contains { $0.hasPrefix("CAP_") })
            return nil
        }
        let user = try #require(TaskUser("nobody"))
        let workshop = try CommandWorkshop(processes: ProcessSettings(user: user))
        chmod(workshop.root, 0o711)
        return (workshop, user)
    }

    @Test func areThatUserInAllItsGroupsWithItsHomeAndNoCapability() async throws {
        guard let (workshop, user) = try workshop() else { return }
        let report = Recorder()
        let words = ["sh", "-c", "id -u; id -g; id -G; echo $HOME; grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status"]
        #expect(try await workshop.run(words, reporting: report) == .succeeded(TaskOutput()))
        let groups = user.groups.map(String.init).joined(separator: " ")
        #expect(report.lines.prefix(4) == ["\(user.id)", "\(user.group)", groups, user.home])
        #expect(report.lines.dropFirst(4).allSatisfy { $0.hasSuffix("\t0000000000000000") })
    }

    @Test func readTheirInputsAndLeaveOutputsAndFilesOfTheirOwn() async throws {
        guard let (workshop, _) = try workshop() else { return }
        let script =
            #"cat "$WEIR_INPUTS" && printf '{"rows":1}' > "$WEIR_OUTPUT" && mkdir -p "$(dirname $WEIR_OUTPUT)/a/b" && pwd && touch kept"#
        let report = Recorder()
        let attempt = try workshop.attempt(["sh", "-c", script], inputs: ["b": JSONText(validated: "{\"rows\":3}")])
        let outcome = await workshop.runner.run(attempt, reporting: report)
        #expect(outcome == .succeeded(TaskOutput(values: JSONText(validated: #"{"rows":1}"#))))
        #expect(report.text.hasPrefix(#"{"b":{"rows":3}}"#) && report.text.contains("/work/acme/cg-daily"))
        #expect(workshop.scratchContents.isEmpty)
        // The file still exists in the next attempt.
        #expect(try await workshop.run(["rm", "kept"]) == .succeeded(TaskOutput()))
    }

    @Test func cannotPassOffAFileOfTheServiceAsTheirOutput() async throws {
        guard let (workshop, _) = try workshop() else { return }
        try #"{"secret":1}"#.write(toFile: workshop.root + "/secret", atomically: true, encoding: .utf8)
        chmod(workshop.root + "/secret", 0o600)
        let links = ["ln -s", "ln"].map { "\($0) \(workshop.root)/secret \"$WEIR_OUTPUT\"" }
        for link in links {
            let outcome = try await workshop.run(["sh", "-c", link + " || true"])
            #expect(outcome.error?.type == "weir.task.command/output" || outcome == .succeeded(TaskOutput()))
        }
        #expect(try await workshop.run(["cat", workshop.root + "/secret"]).error != nil)
        #expect(try await workshop.run(["ls", workshop.root]).error != nil)
    }

    @Test func areStoppedWithAllThatTheyStarted() async throws {
        guard let (workshop, _) = try workshop() else { return }
        let report = Recorder()
        let attempt = try workshop.attempt(["sh", "-c", "setsid sleep 1000 & echo $!; echo ready; wait"])
        let running = Task { await workshop.runner.run(attempt, reporting: report) }
        await report.hasPrinted("ready")
        running.cancel()
        #expect(await running.value == .stopped)
        #expect(!Child(try #require(report.lines.first)).isAlive)
    }

    @Test func reportTheDirectoryThatTheirUserMayNotEnter() async throws {
        guard let (workshop, user) = try workshop() else { return }
        let closed = workshop.root + "/closed"
        try FileManager.default.createDirectory(
            atPath: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let error = try #require(
            await workshop.runner.run(try workshop.attempt(["true"], directory: closed), reporting: Recorder()).error)
        #expect(error.type == "weir.task.command/no-directory")
        #expect(error.message.contains("the user \(user.name) may not enter it"))
    }

    @Test(arguments: ["no-such-user-here", "4294967294", ""])
    func haveToBeKnown(name: String) {
        #expect(TaskUser(name) == nil)
    }

    @Test func areFoundByNumberToo() throws {
        let root = try #require(TaskUser("0"))
        #expect(root.name == "root" && root.id == 0 && root.groups.contains(0))
        #expect(try #require(TaskUser("nobody")).mayEnter("/") && root.mayEnter("/"))
    }
}
