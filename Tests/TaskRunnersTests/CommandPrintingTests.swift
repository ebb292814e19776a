import Foundation
import TaskRunners
import Testing
import WorkflowModel

@Suite struct WhatACommandPrints {
    /// Between the streams, the order is the one in which they are read.
    @Test func arrivesWithItsStreamAndInTheOrderOfEachStream() async throws {
        let report = Recorder()
        let numbers = Array(1...500)
        _ = try await CommandWorkshop().run(
            ["sh", "-c", "for n in $(seq 500); do echo out $n; echo err $n >&2; done"], reporting: report)
        #expect(report.text(of: .stdout) == numbers.map { "out \($0)\n" }.joined())
        #expect(report.text(of: .stderr) == numbers.map { "err \($0)\n" }.joined())
        #expect(report.lines.count == 1_000, "Lines that are written at once stay whole.")
    }

    @Test func keepsTheOrderOfStreamsThatWaitForEachOther() async throws {
        let report = Recorder()
        let workshop = try CommandWorkshop()
        let fifo = workshop.root + "/go"
        #expect(mkfifo(fifo, 0o600) == 0)
        // For reading as well, so that opening it does not wait for the command.
        let gate = try #require(FileHandle(forUpdatingAtPath: fifo))
        let script = "echo out 1; read go < \(fifo); echo err 1 >&2; read go < \(fifo); echo out 2"
        async let outcome = workshop.run(["sh", "-c", script], reporting: report)
        for text in ["out 1", "err 1"] {
            await report.hasPrinted(text)
            try gate.write(contentsOf: Data("go\n".utf8))
        }
        #expect(try await outcome == .succeeded(TaskOutput()))
        #expect(report.lines == ["out 1", "err 1", "out 2"])
    }

    @Test func quotesTheLastLineOfEitherStream() async throws {
        for (script, line) in [
            ("echo fine; echo bad >&2; exit 1", "bad"), ("printf 'half a line'; echo bad >&2; exit 1", "bad"),
            ("echo early >&2; echo; exit 1", "early"), ("echo only; exit 1", "only"),
        ] {
            let outcome = try await CommandWorkshop().run(["sh", "-c", script])
            #expect(outcome.error?.message == "exit code 1: \(line)", "\(script)")
        }
    }

    @Test func isReadFromBothStreamsWhenOneIsClosedOrRedirected() async throws {
        for (script, out, err) in [
            ("exec >&-; echo bad >&2", "", "bad\n"), ("exec 2>&-; echo fine", "fine\n", ""),
            ("echo both >&2 2>&1; exec 2>&1; echo joined >&2", "joined\n", "both\n"),
            ("echo path > /dev/stderr; echo other > /dev/stdout", "other\n", "path\n"),
        ] {
            let report = Recorder()
            #expect(try await CommandWorkshop().run(["sh", "-c", script], reporting: report) == .succeeded(TaskOutput()))
            #expect(report.text(of: .stdout) == out && report.text(of: .stderr) == err, "\(script): \(report.text)")
        }
    }

    @Test func isReadFromOneStreamWhileTheOtherIsFull() async throws {
        let report = Recorder(keeps: false)
        let script = """
            import os, threading
            def fill(stream):
                for _ in range(64): os.write(stream, b"x" * 65536)
            threads = [threading.Thread(target=fill, args=(stream,)) for stream in (1, 2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """
        #expect(try await CommandWorkshop().python(script, reporting: report) == .succeeded(TaskOutput()))
        #expect(report.count == 2 * 64 * 65_536)
    }

    @Test func isPassedOnInSmallPiecesHoweverMuchItIs() async throws {
        let report = Recorder(keeps: false)
        let script = "import sys\nfor _ in range(200): sys.stdout.buffer.write(b'x' * (1 << 20))\nraise SystemExit(1)"
        let outcome = try await CommandWorkshop().python(script, reporting: report)
        #expect(report.count == 200 << 20)
        #expect(report.largestPiece <= 1 << 16)
        #expect(outcome.error?.message == "exit code 1: " + String(repeating: "x", count: 200) + "…")
    }

    @Test func isCompleteThoughSomethingInTheBackgroundKeepsThePipe() async throws {
        let report = Recorder()
        let outcome = try await CommandWorkshop().run(["sh", "-c", "sleep 1000 & echo $!; echo done"], reporting: report)
        #expect(outcome == .succeeded(TaskOutput()))
        #expect(report.lines.last == "done")
        #expect(!Child(try #require(report.lines.first)).isAlive)
    }

    @Test(arguments: ["sleep 1000 >/dev/null & echo $! >&2; echo done", "sleep 1000 2>/dev/null & echo $! >&2; echo done"])
    func isCompleteThoughSomethingInTheBackgroundKeepsOneOfTheStreams(script: String) async throws {
        let report = Recorder()
        #expect(try await CommandWorkshop().run(["sh", "-c", script], reporting: report) == .succeeded(TaskOutput()))
        #expect(report.text(of: .stdout) == "done\n")
        #expect(!Child(report.text(of: .stderr).trimmingCharacters(in: .newlines)).isAlive)
    }

    @Test(arguments: ["yes & exit 0", "yes >&2 & exit 0"])
    func endsThoughSomethingInTheBackgroundNeverStopsPrinting(script: String) async throws {
        let report = Recorder(keeps: false)
        #expect(try await CommandWorkshop().run(["sh", "-c", script], reporting: report) == .succeeded(TaskOutput()))
    }
}

/// A process whose pid a test's command has printed.
struct Child {
    let pid: String

    init(_ pid: String) {
        self.pid = pid
    }

    /// Whether the process exists and has not ended.
    var isAlive: Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let name = line.lastIndex(of: ")")
        else { return false }
        return !line[name...].hasPrefix(") Z")
    }
}
