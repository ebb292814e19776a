import TaskRunners
import Testing
import WorkflowModel

@Suite struct WhatACommandLeaves {
    private let leave = "import os; open(os.environ['WEIR_OUTPUT'], 'wb').write("

    @Test func becomesItsOutput() async throws {
        let workshop = try CommandWorkshop()
        let report = Recorder()
        let text = "{\"rows\": 12345678901234567890, \"run_id\": \"job-7\"}\n"
        let outcome = try await workshop.python("\(leave)b'''\(text)''')", reporting: report)
        #expect(outcome == .succeeded(TaskOutput(values: JSONText(validated: text), runID: "job-7")))
        #expect(report.events == ["began", "recording"])
        #expect(workshop.scratchContents.isEmpty)
    }

    @Test func isNothingWhereTheFileIsEmpty() async throws {
        let report = Recorder()
        #expect(try await CommandWorkshop().python("\(leave)b'')", reporting: report) == .succeeded(TaskOutput()))
        #expect(report.events == ["began"])
    }

    @Test func describesItsFailure() async throws {
        let error = #"{"message": "invalid state", "attribution": "platform", "data": {"table": "orders"}}"#
        let outcome = try await CommandWorkshop().python(
            "\(leave)b'''{\"run_id\": \"job-8\", \"error\": \(error)}'''); raise SystemExit(65)")
        let data = JSONText(validated: #"{"table":"orders"}"#)
        #expect(
            outcome
                == .failed(
                    RunError(attribution: .platform, type: "weir.task.command/exit", message: "invalid state", data: data),
                    runID: "job-8"))
    }

    @Test(arguments: ["{}", "[1]", "not JSON", #"{"error": "words"}"#, #"{"error": {"message": 3}}"#])
    func doesNotHideAFailureThatItDoesNotDescribe(text: String) async throws {
        let outcome = try await CommandWorkshop().python("\(leave)b'''\(text)'''); print('why'); raise SystemExit(4)")
        #expect(outcome.error?.message == "exit code 4: why")
        #expect(outcome.error?.attribution == .customer)
    }

    @Test(
        arguments: [
            "b'[1, 2]'", "b'nonsense'", "b'{\"a\": 1} trailing'", "b'\\xff\\xfe{}'", "'{}'.encode('utf-16')", "b'{\"a\": NaN}'",
            "b'{\"a\": ' + b'[' * 20000 + b']' * 20000 + b'}'", "b'{\"a\": \"' + b'x' * (1 << 20) + b'\"}'",
        ])
    func failsItWhereItIsNotAnObjectOfBoundedSize(bytes: String) async throws {
        let error = try #require(try await CommandWorkshop().python("\(leave)\(bytes))").error)
        #expect(error.type == "weir.task.command/output")
        #expect(error.attribution == .customer)
        #expect(error.message.contains("JSON object of at most 1 MiB"))
    }

    @Test func isTakenUpToTheLimit() async throws {
        let outcome = try await CommandWorkshop().python(
            "\(leave)b'{\"a\": \"' + b'x' * (\(CommandLimits.outputFile) - 9) + b'\"}')")
        #expect(outcome.output?.values?.text.utf8.count == CommandLimits.outputFile)
    }

    @Test(arguments: ["os.mkfifo(p)", "os.symlink('/etc/passwd', p)", "os.mkdir(p)"])
    func isReadFromAPlainFileOnly(make: String) async throws {
        let workshop = try CommandWorkshop()
        let error = try #require(try await workshop.python("import os; p = os.environ['WEIR_OUTPUT']; \(make)").error)
        #expect(error.type == "weir.task.command/output")
        #expect(workshop.scratchContents.isEmpty)
    }
}
