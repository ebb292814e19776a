import Foundation
import Glibc
import ProgramTestKit
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

    @Test func aClosingTaskIsToldWhatHappened() async throws {
        let workshop = try CommandWorkshop()
        var attempt = try workshop.attempt(["env"])
        attempt.soFar = RunSoFar(.failed, failedTasks: ["pull-orders", "b.2"])
        let report = Recorder()
        #expect(await workshop.runner.run(attempt, reporting: report) == .succeeded(TaskOutput()))
        #expect(report.lines.contains("WEIR_RUN_OUTCOME=failed"))
        #expect(report.lines.contains("WEIR_FAILED_TASKS=pull-orders,b.2"))
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

    @Test func findsTheOutputsOfItsDependencies() async throws {
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
        try workshop.install(Array("#!/bin/sh\npwd\n".utf8), as: "\(workshop.root)/mine/here.sh", permissions: 0o755)
        let mine = Recorder()
        let attempt = try workshop.attempt(["./here.sh"], directory: "\(workshop.root)/mine")
        #expect(await workshop.runner.run(attempt, reporting: mine) == .succeeded(TaskOutput()))
        #expect(mine.lines.first?.hasSuffix("/mine") == true)

        let own = Recorder()
        _ = try await workshop.run(["pwd"], reporting: own)
        #expect(own.lines.first?.hasSuffix("/work/acme/cg-daily") == true)
    }

    @Test(arguments: ["no-such-program", "./no-such-program", "/no/such/program", "/tmp"])
    func withAMissingProgramIsACustomerError(name: String) async throws {
        let report = Recorder()
        let error = try #require(try await CommandWorkshop().run([name], reporting: report).error)
        #expect(error.type == "weir.task.command/not-found")
        #expect(error.attribution == .customer)
        #expect(error.message.contains(name))
        #expect(report.events.isEmpty)
    }

    /// The message for a file `x` in the working directory with this content and these permissions.
    @Test(arguments: [
        (
            "#!/bin/sh\r\necho\r\n", 0o755,
            "The first line of ./x ends with CR LF, so that its interpreter would be `/bin/sh\\r`"
        ),
        ("#!/no/such/python -u\n", 0o755, "The interpreter `/no/such/python`, which the first line of ./x names, does not exist."),
        (
            "#!python3\n", 0o755,
            "The interpreter `python3` in the first line of ./x is not an absolute path. Write `#!/usr/bin/env python3`"
        ),
        (
            "#!/etc/passwd\n", 0o755,
            "The interpreter `/etc/passwd`, which the first line of ./x names, is not executable; run `chmod +x` on it."
        ),
        ("#! /tmp\n", 0o755, "The interpreter `/tmp`, which the first line of ./x names, is a directory, not a program."),
        ("#!\n", 0o755, "The first line of ./x names no interpreter"), ("#!", 0o755, "The first line of ./x names no interpreter"),
        (
            "#!/\(String(repeating: "x", count: 300))\n", 0o755,
            "The first line of ./x is longer than 256 bytes, the limit of the system."
        ),
        ("", 0o755, "./x is an empty file, not a program."),
        ("#!/bin/sh\n", 0o644, "./x is not executable; run `chmod +x` on it."),
        ("echo hello\n", 0o755, "./x is not a program; begin a script with #!"),
        ("\u{FEFF}#!/bin/sh\n", 0o755, "./x begins with a byte order mark; save it without one."),
        ("MZ\u{1}", 0o755, "./x is a program for Windows."),
        ("\u{7F}ELF", 0o755, "./x is an incomplete binary."),
    ])
    func namesTheFaultOfAScript(text: String, permissions: Int, words: String) async throws {
        try await expect(Array(text.utf8), permissions, words)
    }

    @Test func namesTheFaultOfABinary() async throws {
        let shell = Array(try Data(contentsOf: URL(filePath: "/bin/sh")))
        var foreign = shell
        foreign.replaceSubrange(18..<20, with: [shell[18] == 243 ? 62 : 243, 0])
        try await expect(foreign, 0o755, "./x is built for RISC-V, but this machine is ")
        var object = shell
        object[16] = 1
        try await expect(object, 0o755, "./x is a binary that is not linked as a program.")
        let loader = try #require(
            String(decoding: shell, as: UTF8.self).firstMatch(of: /\/lib[0-9a-z\/_.-]*ld-[0-9a-z_.-]+/)?.output)
        let place = try #require(Data(shell).firstRange(of: Data(loader.utf8))?.lowerBound)
        var elsewhere = shell
        elsewhere.replaceSubrange(place + 1..<place + 4, with: Array("xyz".utf8))
        try await expect(elsewhere, 0o755, "./x needs the loader `/xyz\(loader.dropFirst(4))`, which does not exist.")
    }

    @Test func namesTheFaultOfThePath() async throws {
        let workshop = try CommandWorkshop()
        let folder = "\(workshop.root)/mine"
        try FileManager.default.createDirectory(atPath: "\(folder)/sub", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/dangling", withDestinationPath: "nowhere")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/round", withDestinationPath: "round")
        try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: "\(folder)/plain"))
        for (name, words) in [
            ("./sub", "./sub is a directory, not a program."), ("./dangling", "./dangling is a symbolic link to a missing file."),
            ("./round", "./round is a symbolic link to itself."), ("./plain/x", "a part of its path is not a directory."),
            ("./missing", "./missing does not exist. Relative paths are resolved against the command's working directory."),
        ] {
            let outcome = await workshop.runner.run(try workshop.attempt([name], directory: folder), reporting: Recorder())
            #expect(outcome.error?.message.contains(words) == true, "\(outcome)")
        }
        let found = try CommandWorkshop(environment: ["PATH": folder])
        let error = try #require(try await found.run(["plain"]).error)
        #expect(error.message.hasSuffix("cannot be executed: \(folder)/plain is not executable; run `chmod +x` on it."))
    }

    @Test func withAProgramThatIsStillWrittenIsAPlatformError() async throws {
        let workshop = try CommandWorkshop()
        let file = "\(workshop.root)/x"
        try workshop.install(Array(Data(contentsOf: URL(filePath: "/bin/true"))), as: file, permissions: 0o755)
        // Another process has it open, so that no fork of another test inherits that.
        let told = Pipe()
        let writer = try SpawnedProgram("/bin/sh", ["-c", "exec 3<>\"$0\"; echo open; exec sleep 1000", file])
            .start(outputTo: told.fileHandleForWriting.fileDescriptor)
        #expect(told.fileHandleForReading.availableData == Data("open\n".utf8))
        let error = try #require(try await workshop.run([file]).error)
        #expect(error.attribution == .platform)
        #expect(error.message.contains("is still being written"))
        kill(writer, SIGKILL)
        #expect(await SpawnedProgram.end(of: writer) == -SIGKILL)
        #expect(try await workshop.run([file]) == .succeeded(TaskOutput()))
    }

    private func expect(_ bytes: [UInt8], _ permissions: Int, _ words: String) async throws {
        let workshop = try CommandWorkshop()
        let folder = "\(workshop.root)/mine"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try workshop.install(bytes, as: "\(folder)/x", permissions: permissions)
        let outcome = await workshop.runner.run(try workshop.attempt(["./x"], directory: folder), reporting: Recorder())
        let error = try #require(outcome.error)
        #expect(error.message.contains(words), "\(error.message)")
        #expect(error.type == "weir.task.command/not-found")
        #expect(error.attribution == .customer)
    }

    @Test(arguments: [("text without a first line", 0o755), ("#!/no/such/interpreter\n", 0o755), ("#!/bin/sh\n", 0o644)])
    func withANonExecutableProgramIsACustomerError(text: String, permissions: Int) async throws {
        let workshop = try CommandWorkshop()
        let file = "\(workshop.root)/program"
        try workshop.install(Array(text.utf8), as: file, permissions: permissions)
        let error = try #require(try await workshop.run([file]).error)
        #expect(error.type == "weir.task.command/not-found")
        #expect(error.attribution == .customer)
        #expect(error.message.contains(file))
        #expect(workshop.scratchContents.isEmpty)
    }

    @Test func withAMissingDirectoryIsACustomerError() async throws {
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
        #expect(error.message == "The task's command is empty. Set its first word to a program.")
    }

    @Test func withAWordThatHoldsNULIsRefused() async throws {
        let error = try #require(try await CommandWorkshop().run(["echo", "a\0b"]).error)
        #expect(error.attribution == .customer)
        #expect(error.message.contains("NUL"))
    }
}
