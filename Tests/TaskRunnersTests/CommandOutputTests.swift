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

    @Test func hasWarnings() async throws {
        let text = #"{"rows": 3, "warnings": ["3 rows have no price", "café"]}"#
        let outcome = try await CommandWorkshop().python("\(leave)'''\(text)'''.encode())")
        let warnings = try TaskWarnings(["3 rows have no price", "café"])
        #expect(outcome == .succeeded(TaskOutput(values: JSONText(validated: text), warnings: warnings)))
    }

    @Test(arguments: [
        ("5", "are not a list"), (#""one""#, "are not a list"), (#"["a", 5]"#, "have an item that is not a text: number 2"),
        (#"[""]"#, "have an item without visible characters: number 1"),
        ("[" + String(repeating: #""x","#, count: 100) + #""x"]"#, "are 101 texts"),
        (#"[""# + String(repeating: "x", count: 4_097) + #""]"#, "have an item of 4097 bytes: number 1"),
    ])
    func failsItWithWrongWarnings(warnings: String, problem: String) async throws {
        let outcome = try await CommandWorkshop().python("\(leave)b'''{\"warnings\": \(warnings)}''')")
        let error = try #require(outcome.error)
        #expect(error.type == "weir.task.command/output" && error.attribution == .customer)
        let accepted = "a list of at most 100 texts, each of 1 to 4096 bytes"
        #expect(
            error.message == "The warnings in the file at WEIR_OUTPUT \(problem). Write \(accepted), or leave them out.")
    }

    /// Wrong ones do not hide the error, either.
    @Test(arguments: [#"["left"]"#, "5"])
    func hasNoWarningsWhereItFails(warnings: String) async throws {
        let outcome = try await CommandWorkshop().python(
            "\(leave)b'''{\"warnings\": \(warnings), \"error\": {\"message\": \"why\"}}'''); raise SystemExit(4)")
        #expect(outcome.error?.message == "why" && outcome.error?.type == "weir.task.command/exit")
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

    @Test func describesItsFailureDigitByDigitAndByteByByte() async throws {
        let data = #"{"n":12345678901234567890,"f":10.10,"e":1e400,"caf\#u{E9}":1,"cafe\#u{301}":2,"b":"\u0000","a":-0}"#
        let text = #"{"error": {"message": "no", "data": \#(data)}}"#
        let outcome = try await CommandWorkshop().python("\(leave)r'''\(text)'''.encode()); raise SystemExit(65)")
        #expect(outcome.error?.data.map { Array($0.text.utf8) } == Array(data.utf8))
    }

    @Test func isCutBetweenCharactersWhereItIsTooLong() async throws {
        let outcome = try await CommandWorkshop().python(
            """
            import json
            long = 'a' + chr(0x301) * 5000
            left = {'run_id': 'x' + long, 'error': {'message': 'y' * 8190 + long}}
            \(leave)json.dumps(left).encode()); raise SystemExit(65)
            """)
        let error = RunError(
            attribution: .customer, type: "weir.task.command/exit", message: String(repeating: "y", count: 8_190),
            data: JSONText(validated: #"{"exit_code":65}"#))
        #expect(outcome == .failed(error, runID: "x"))
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
            "b'{\"a\": 1, \"a\": 1}'", "b'{\"x\": [{\"a\": 1, \"a\": 2}]}'",
            "b'{\"a\": ' + b'[' * 20000 + b']' * 20000 + b'}'", "b'{\"a\": \"' + b'x' * (1 << 20) + b'\"}'",
        ])
    func failsItWhereItIsNotAnObjectOfBoundedSize(bytes: String) async throws {
        let error = try #require(try await CommandWorkshop().python("\(leave)\(bytes))").error)
        #expect(error.type == "weir.task.command/output")
        #expect(error.attribution == .customer)
        #expect(error.message.contains("JSON object of at most 1 MiB"))
    }

    @Test(arguments: [
        ("b'{\\n  \"a\": 1\\n  \"b\": 2}'", "is not valid JSON: line 3, column 3: expected `,` or `}` after a member, not `\"`."),
        ("'{\"é\": nope}'.encode()", "is not valid JSON: line 1, column 7: expected a value, not `nope`."),
        ("b'{\"a\": 1'", "is not valid JSON: line 1, column 8: expected `,` or `}` after a member, not the end of the text."),
        ("b'{\"a\": \"x'", "is not valid JSON: line 1, column 7: a string has no end."),
        ("b'{\"a\": 1}\\n}'", "is not valid JSON: line 2, column 1: unexpected text after its end: `}`."),
        ("b'{\\n\"\\xc3\\xa9\\xff\": 1}'", "is not valid JSON: line 2, column 3: a byte that is not UTF-8."),
        ("'\\ufeff{}'.encode()", "is not valid JSON: line 1, column 1: a byte order mark"),
        ("b'[1]'", "is a JSON array, not an object."),
        ("b' null '", "is null, not an object."), ("b'\"x\"'", "is a JSON string, not an object."),
        ("b' '", "is not valid JSON: line 1, column 2: it is empty."),
    ])
    func namesThePlaceOfAJSONError(bytes: String, words: String) async throws {
        let error = try #require(try await CommandWorkshop().python("\(leave)\(bytes))").error)
        #expect(error.message.hasPrefix("The file at WEIR_OUTPUT \(words)"), "\(error.message)")
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
