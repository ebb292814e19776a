import Foundation
import TaskRunners
import Testing
import WorkflowModel

@Suite struct ACommandThatStarts {
    @Test func getsExactlyTheDocumentedEnvironment() async throws {
        let workshop = try CommandWorkshop(
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": "/home/weir", "LANG": "C.UTF-8", "TZ": "UTC", "SECRET": "s3cr3t", "REGION": "eu",
                "WEIR_CLIENT_SECRET": "s3cr3t",
            ],
            allowed: ["REGION", "MISSING", "WEIR_CLIENT_SECRET"])
        let range = TimeWindow(from: Timestamp(iso8601: "2024-04-01"), to: Timestamp(iso8601: "2024-04-02T12"))
        var attempt = try workshop.attempt(["env"], task: "wft-20240619-14574-6kyYdY", number: 2, range: range)
        attempt.scheduledFor = Timestamp(iso8601: "2024-04-02T12")
        let report = Recorder()
        #expect(await workshop.runner.run(attempt, reporting: report) == .succeeded(TaskOutput()))
        let variables = Dictionary(
            report.lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return (parts[0], parts[1])
            }, uniquingKeysWith: { $1 })
        let inputs = try #require(variables["WEIR_INPUTS"])
        let output = try #require(variables["WEIR_OUTPUT"])
        let service = try #require(variables["WEIR_SERVICE"])
        #expect(service.contains("-\(ProcessInfo.processInfo.processIdentifier)-"))
        #expect(inputs.hasPrefix(workshop.scratch) && output.hasPrefix(workshop.scratch))
        #expect(
            variables == [
                "PATH": "/usr/bin:/bin", "HOME": "/home/weir", "LANG": "C.UTF-8", "TZ": "UTC", "REGION": "eu",
                "WEIR_TENANT": "acme",
                "WEIR_WORKFLOW_ID": "wf-20240619-00001-abcdef", "WEIR_TASK_ID": "wft-20240619-14574-6kyYdY", "WEIR_ATTEMPT": "2",
                "WEIR_RUN_MODE": "full", "WEIR_RANGE_FROM": "2024-04-01T00:00:00.000Z", "WEIR_RANGE_TO": "2024-04-02T12:00:00.000Z",
                "WEIR_SCHEDULED_FOR": "2024-04-02T12:00:00.000Z",
                "WEIR_INPUTS": inputs, "WEIR_OUTPUT": output, "WEIR_SERVICE": service,
            ])
    }

    @Test func getsNoRangeWhereItsRunHasNone() async throws {
        let report = Recorder()
        _ = try await CommandWorkshop().run(["env"], reporting: report)
        #expect(report.text.contains("WEIR_TENANT=acme"))
        #expect(!report.text.contains("WEIR_RANGE") && !report.text.contains("WEIR_SCHEDULED_FOR"))
    }

    @Test func getsItsWordsAsTheyWereWritten() async throws {
        let words = ["a b", "it's \"quoted\"", "two\nlines", "$HOME;`id` && exit 1 | *", "", "é"]
        let report = Recorder()
        let attempt = ["python3", "-c", "import sys; print(repr(sys.argv[1:]))"] + words
        _ = try await CommandWorkshop().run(attempt, reporting: report)
        let expected = #"['a b', 'it\'s "quoted"', 'two\nlines', '$HOME;`id` && exit 1 | *', '', 'é']"#
        #expect(report.lines == [expected])
    }

    @Test func readsNothingAndLeadsASessionOfItsOwn() async throws {
        let report = Recorder()
        let script = "import os, sys; print(len(sys.stdin.read()), os.getpid() == os.getsid(0) == os.getpgrp())"
        _ = try await CommandWorkshop().python(script, reporting: report)
        #expect(report.lines == ["0 True"])
    }

    @Test func hasNoDescriptorButTheThreeStandardOnes() async throws {
        let report = Recorder()
        _ = try await CommandWorkshop().run(["sh", "-c", "ls /proc/$$/fd | tr '\\n' ' '"], reporting: report)
        #expect(report.text.hasPrefix("0 1 2 "))
        #expect(report.text.split(separator: " ").count <= 4)
    }

    @Test func findsTheOutputsOfWhatItNeeds() async throws {
        let workshop = try CommandWorkshop()
        let inputs = ["b": JSONText(validated: "{\"rows\":3}"), "a \"quoted\"": JSONText(validated: "{}")]
        let report = Recorder()
        let attempt = try workshop.attempt(["sh", "-c", "cat \"$WEIR_INPUTS\""], inputs: inputs)
        _ = await workshop.runner.run(attempt, reporting: report)
        #expect(report.text == #"{"a \"quoted\"":{},"b":{"rows":3}}"#)

        let without = Recorder()
        _ = try await workshop.run(
            ["sh", "-c", "cat \"$WEIR_INPUTS\"; ls -ld \"$(dirname \"$WEIR_INPUTS\")\""], reporting: without)
        #expect(without.text.hasPrefix("{}drwx------"))
        #expect(workshop.scratchContents.isEmpty)
    }

    @Test func runsInTheDirectoryOfItsConfigurationOrInOneOfTheServicesOwn() async throws {
        let workshop = try CommandWorkshop()
        try FileManager.default.createDirectory(atPath: "\(workshop.root)/mine", withIntermediateDirectories: true)
        try "#!/bin/sh\npwd\n".write(toFile: "\(workshop.root)/mine/here.sh", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(workshop.root)/mine/here.sh")
        let mine = Recorder()
        let attempt = try workshop.attempt(["./here.sh"], directory: "\(workshop.root)/mine")
        #expect(await workshop.runner.run(attempt, reporting: mine) == .succeeded(TaskOutput()))
        #expect(mine.lines.first?.hasSuffix("/mine") == true)

        let own = Recorder()
        _ = try await workshop.run(["pwd"], reporting: own)
        #expect(own.lines.first?.hasSuffix("/work/acme/cg-daily") == true)
    }

    @Test(arguments: ["no-such-program", "./no-such-program", "/no/such/program", "/tmp"])
    func whoseProgramIsMissingIsTheCustomersFault(name: String) async throws {
        let report = Recorder()
        let error = try #require(try await CommandWorkshop().run([name], reporting: report).error)
        #expect(error.type == "weir.task.command/not-found")
        #expect(error.attribution == .customer)
        #expect(error.message.contains(name))
        #expect(report.events.isEmpty)
    }

    @Test(arguments: [("text without a first line", 0o755), ("#!/no/such/interpreter\n", 0o755), ("#!/bin/sh\n", 0o644)])
    func whoseProgramCannotBeExecutedIsTheCustomersFault(text: String, permissions: Int) async throws {
        let workshop = try CommandWorkshop()
        let file = "\(workshop.root)/program"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
        let error = try #require(try await workshop.run([file]).error)
        #expect(error.type == "weir.task.command/not-found")
        #expect(error.attribution == .customer)
        #expect(error.message.contains(file))
        #expect(workshop.scratchContents.isEmpty)
    }

    @Test func whoseDirectoryIsMissingIsTheCustomersFault() async throws {
        let workshop = try CommandWorkshop()
        let attempt = try workshop.attempt(["true"], directory: "\(workshop.root)/gone")
        let error = try #require(await workshop.runner.run(attempt, reporting: Recorder()).error)
        #expect(error.type == "weir.task.command/no-directory")
        #expect(error.attribution == .customer)
    }

    @Test(arguments: [[], [""]])
    func thatNamesNoProgramIsRefused(words: [String]) async throws {
        let error = try #require(try await CommandWorkshop().run(words).error)
        #expect(error.type == "weir.task.command/not-found")
        #expect(error.message == "The task names no program.")
    }

    @Test func withAWordThatHoldsNULIsRefused() async throws {
        let error = try #require(try await CommandWorkshop().run(["echo", "a\0b"]).error)
        #expect(error.attribution == .customer)
        #expect(error.message.contains("NUL"))
    }
}
