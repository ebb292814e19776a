import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Lines of history")
struct ImportedRunTests {
    private func read(_ line: String) throws -> ImportedRun {
        try importedRun(fromLine: Array(line.utf8), tenant: Samples.acme)
    }

    private let least =
        #""id":"wf-1","name":"Daily","type":"courier.group/run","state":"succeeded","created_at":"2024-02-10T17:29:32.687Z""#

    @Test("the verbose form of a run keeps every member")
    func verbose() throws {
        let run = try importedRun(
            fromLine: Array(Samples.details.document(.verbose).readableBytesView), tenant: Samples.acme)
        #expect(run.run == Samples.details.run)
        #expect(run.launchedVersion?.rawValue == "etv-1")
        #expect(run.currentVersion?.rawValue == "etv-2")
        #expect(run.warnAfter == .seconds(7_200))
        #expect(run.tasks == [Samples.fullTask, Samples.bareTask])
    }

    @Test("an exported line is read unchanged, with every member that Weir adds", arguments: [Samples.failed, Samples.added])
    func exported(run: WorkflowRun) throws {
        let line = RunExportFormat.ndjson.document(of: [run])
        #expect(line.readableBytesView.last == UInt8(ascii: "\n"))
        let imported = try importedRun(fromLine: Array(line.readableBytesView.dropLast()), tenant: Samples.acme)
        #expect(imported == ImportedRun(run: run))
    }

    @Test("a run without the number of its warnings has those of its tasks")
    func countedWarnings() throws {
        let task = #"{"id":"t","state":"succeeded","ended_at":"2024-02-10T18","warnings":["a","b"]}"#
        func line(_ members: String) -> String { "{\(least),\"ended_at\":\"2024-02-10T18\",\(members)}" }
        let counted = try read(line("\"task_instances\":[\(task)]"))
        #expect(counted.run.warnings == 2 && counted.tasks[0].warnings.texts == ["a", "b"])
        #expect(try read(line("\"task_instances\":[\(task)],\"warnings\":2")).run.warnings == 2)
        #expect(try read(line("\"task_instances\":[],\"warnings\":5")).run.warnings == 5)
        #expect(try read(line("\"warnings\":1000000")).run.warnings == 1_000_000)
    }

    @Test("a stopped run keeps who stopped it, when and why", arguments: ["wrong month", nil])
    func stops(reason: String?) throws {
        let ada = Principal(id: "wk_1", name: "Ada", email: "ada@example.com")
        let stop = RunStop(requestedAt: Samples.created, requestedBy: ada, reason: reason)
        var run = Samples.failed
        (run.state, run.error) = (.canceled, .manuallyStopped)
        let line = RunExportFormat.ndjson.document(of: [run], with: RunExportAdditions(stops: [run.id: stop]))
        let imported = try importedRun(fromLine: Array(line.readableBytesView.dropLast()), tenant: Samples.acme)
        #expect(imported == ImportedRun(run: run, stop: stop))
        let details = WorkflowRunDetails(run: run, stop: stop)
        let verbose = Array(details.document(.verbose).readableBytesView)
        #expect(try importedRun(fromLine: verbose, tenant: Samples.acme).stop == stop)
        // Another system may not know who it was.
        let canceled = least.replacing("succeeded", with: "canceled")
        let unknown = try read("{\(canceled),\"ended_at\":\"2024-02-10T18\",\"stop\":{\"requested_at\":\"2024\"}}").stop
        #expect(unknown?.requestedBy == Principal(id: "unknown", name: "unknown"))
    }

    @Test("warnings of imported tasks have no control characters")
    func warningsWithControlCharacters() throws {
        let warnings = #"["\u001b[31mred","a\u0000b","two\nlines"]"#
        let task = #"{"id":"t","state":"succeeded","ended_at":"2024-02-10T18","warnings":\#(warnings)}"#
        let read = try read("{\(least),\"ended_at\":\"2024-02-10T18\",\"task_instances\":[\(task)]}")
        #expect(read.tasks[0].warnings.texts == ["red", "ab", "two\nlines"])
    }

    @Test(
        "the members that Weir adds are checked",
        arguments: [
            (#""config_id":"""#, "config_id: is not an id"), (#""config_id":7"#, "config_id: is not a string"),
            (#""config_id":"..""#, "config_id: \"..\" leads to another place"),
            (#""schedule":"a\u0000""#, "schedule: is not an id"),
            (#""parameters":[1]"#, "parameters: is not a JSON object"),
            (#""parameters":{"a b":1}"#, "parameters: have the name `a b`"),
            (#""parameters":{"a":1,"a":2}"#, "parameters.a: appears twice"),
            (#""labels":["a"]"#, "labels: is not a JSON object"), (#""labels":{"a":1}"#, "labels.a: is not a string"),
            (#""labels":{"-":"a"}"#, "labels.-: is not the key of a label. Accepted: 1 to 63"),
            (#""labels":{"a":"b c"}"#, "labels.a: is \"b c\", which is not the value of a label. Accepted: at most 63"),
            (#""labels":{"a":"b","a":"c"}"#, "labels.a: appears twice"),
            (#""run_mode":"all""#, "run_mode: is \"all\". Accepted: source, refresh, full"),
            (#""range_from":"soon""#, "range_from: \"soon\" is not a date-time"),
            (#""range_from":"2024-02","range_to":"2024-01""#, "range_to: (2024-01-01T00:00:00.000Z) is before range_from"),
            (#""attempts":0"#, "attempts: is not a number of attempts. Accepted: 1 to 1000000"),
            (#""attempts":"3""#, "attempts: is not an integer"),
            (#""warnings":-1"#, "warnings: is not a number of warnings. Accepted: 0 to 1000000"),
            (#""warnings":1000001"#, "warnings: is not a number of warnings. Accepted: 0 to 1000000"),
            (#""warnings":["a"]"#, "warnings: is not an integer"),
            (
                #""task_instances":[{"id":"t","state":"succeeded","ended_at":"2024-02-10T18","warnings":["a"]}],"warnings":5"#,
                "warnings: is 5, but the tasks have 1; leave it out to count them"
            ),
            (
                #""task_instances":[{"id":"t","state":"succeeded","ended_at":"2024-02-10T18"}],"warnings":1"#,
                "warnings: is 1, but the tasks have 0"
            ),
            (
                #""task_instances":[{"id":"t","state":"failed","ended_at":"2024-02-10T18","warnings":["a"]}]"#,
                "task_instances[0].warnings: is set, although the state is failed; only tasks that succeeded have warnings"
            ),
            (#""stop":{"requested_at":"2024"}"#, "stop: is set, although the state is succeeded; only runs that are canceled"),
            (#""stop":{"principal_id":"wk_1"}"#, "stop.requested_at: is missing"),
            (#""stop":{"requested_at":"2024","reason":"a\nb"}"#, "stop.reason: "),
            (#""stop":{"requested_at":"2024","reason":""}"#, "Accepted: 1 to 1024 bytes without line breaks"),
            (
                #""task_instances":[{"id":"t","state":"succeeded","ended_at":"2024-02-10T18","warnings":["a",""]}]"#,
                "task_instances[0].warnings: have an item without visible characters: number 2. Accepted: a list of at most 100 texts"
            ),
            (
                #""task_instances":[{"id":"t","state":"succeeded","ended_at":"2024-02-10T18","warnings":"a"}]"#,
                "task_instances[0].warnings: is not a JSON array"
            ),
        ])
    func wrongMembers(members: String, message: String) {
        let problem = #expect(throws: JSONProblem.self) { try read("{\(least),\"ended_at\":\"2024-02-10T18\",\(members)}") }
        #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
    }

    @Test("a line has at most 20 labels")
    func labels() throws {
        func line(_ count: Int) -> String {
            let labels = (0..<count).map { "\"k\($0)\":\"v\"" }.joined(separator: ",")
            return "{\(least),\"ended_at\":\"2024-02-10T18\",\"labels\":{\(labels)}}"
        }
        #expect(try read(line(RunLabels.most)).run.origin.labels.count == RunLabels.most)
        let problem = #expect(throws: JSONProblem.self) { try read(line(RunLabels.most + 1)) }
        #expect(problem?.description == "labels: has 21 labels. Accepted: at most 20")
    }

    @Test(
        "a trigger has one cause, and a length",
        arguments: [
            "7", "{}", #"{"firing_id":"f","depth":1}"#, #"{"firing_id":"f","webhook":"w","depth":0}"#,
            #"{"firing_id":"f","webhook":"w","workflow_id":"wf-1","config_id":"c","depth":1}"#,
            #"{"firing_id":"f","workflow_id":"wf-1","depth":1}"#,
            #"{"firing_id":"\#(String(repeating: "f", count: 4_096))","webhook":"w","depth":1}"#,
        ])
    func triggers(trigger: String) throws {
        let ended = "\"ended_at\":\"2024-02-10T18\""
        let problem = #expect(throws: JSONProblem.self) { try read("{\(least),\(ended),\"triggered_by\":\(trigger)}") }
        #expect(problem?.path == "triggered_by")
        let webhook = try read(
            "{\(least),\(ended),\"triggered_by\":{\"firing_id\":\"f\",\"webhook\":\"w\",\"depth\":1,\"later\":1}}")
        #expect(webhook.run.origin.trigger == RunTrigger(firing: "f", cause: .webhook("w"), depth: 1))
    }

    @Test("members that are null are missing")
    func nulls() throws {
        let names = [
            "config_id", "labels", "parameters", "run_mode", "range_from", "range_to", "scheduled_for", "schedule", "rerun_of",
            "triggered_by", "attempts",
            "warnings",
        ]
        let nulls = names.map { "\"\($0)\":null" }.joined(separator: ",")
        let run = try read("{\(least),\"ended_at\":\"2024-02-10T18\",\(nulls)}").run
        #expect(run.origin == RunOrigin() && run.attempts == 1 && run.warnings == 0)
    }

    @Test("optional members that are missing have defaults")
    func defaults() throws {
        let run = try read("{\(least),\"ended_at\":\"2024-02-10T18\",\"principal_email\":null,\"surprise\":{\"a\":[1]}}")
        #expect(run.run.tenant == Samples.acme)
        #expect(run.run.principal == Principal(id: "unknown", name: "unknown"))
        #expect(run.tasks.isEmpty && run.warnAfter == nil && run.launchedVersion == nil)
        let task = try read(
            "{\(least),\"ended_at\":\"2024-02-10T18\",\"task_instances\":[{\"task_instance_id\":\"wft-1\",\"state\":\"skipped\",\"ended_at\":\"2024-02-10T18\"}]}"
        ).tasks.first
        #expect(task?.label == "wft-1" && task?.executionType == "unknown" && task?.definitionType == "unknown")
        #expect(task?.createdAt == Samples.created && task?.stateChangedAt == Timestamp(iso8601: "2024-02-10T18"))
    }

    @Test("names are as long as those of configurations", arguments: ["name", "type", "principal_name"])
    func lengths(member: String) throws {
        func line(_ count: Int) -> String {
            let name = String(repeating: "ä", count: count / 2) + (count % 2 == 0 ? "" : "a")
            let others = ["name", "type"].filter { $0 != member }.map { ",\"\($0)\":\"x\"" }.joined()
            return "{\"id\":\"wf-1\",\"\(member)\":\"\(name)\"\(others),\"state\":\"scheduled\",\"created_at\":\"2024\"}"
        }
        _ = try read(line(NameRule.bytes))
        let problem = #expect(throws: JSONProblem.self) { try read(line(NameRule.bytes + 1)) }
        #expect(problem?.description == "\(member): has 1025 bytes. Accepted: 1 to 1024")
        // Answers of a service are read without a limit.
        let answer = "{\"data\":[\(line(5_000).replacing("\"state\"", with: "\"tenant\":\"acme\",\"state\""))]}"
        #expect(try RunListAnswer(json: Array(answer.utf8)).runs.count == 1)
    }

    @Test("messages have a limit")
    func messages() throws {
        func line(_ count: Int) -> String {
            let message = String(repeating: "m", count: count)
            return
                "{\(least),\"ended_at\":\"2024-02-10T18\",\"error\":{\"attribution\":\"customer\",\"type\":\"a\",\"message\":\"\(message)\"}}"
        }
        #expect(try read(line(Limits.importedMessage)).run.error?.message.utf8.count == Limits.importedMessage)
        #expect(throws: JSONProblem.self) { try read(line(Limits.importedMessage + 1)) }
    }

    @Test("data that a list left out is named with its length")
    func omittedData() throws {
        var page = RunPage(runs: [Samples.failed])
        page.runs[0].error?.data = nil
        page.runs[0].error?.omittedDataBytes = 900_000
        let document = WorkflowRun.listDocument(page, nextToken: nil)
        #expect(String(buffer: document).contains(#","data_omitted_bytes":900000}"#))
        #expect(try RunListAnswer(json: Array(document.readableBytesView)).runs == page.runs)
    }

    @Test("an end before the beginning, from a clock that was set back, counts as the beginning")
    func setBackClocks() throws {
        let imported = try read(
            #"{"id":"a","name":"D","type":"a","state":"failed","created_at":"2024","ended_at":"2023","task_instances":["#
                + #"{"id":"t","state":"failed","created_at":"2024-02","ended_at":"2024-01","state_changed_at":"2024-01"}]}"#)
        #expect(imported.run.endedAt == Timestamp(iso8601: "2024"))
        let task = try #require(imported.tasks.first)
        #expect(task.endedAt == Timestamp(iso8601: "2024-02") && task.stateChangedAt == Timestamp(iso8601: "2024-02"))
    }

    @Test("a line says whether its end was corrected")
    func correctedEnds() throws {
        for (end, isCorrected) in [("2023", true), ("2024", false), ("2025", false)] {
            let line = #"{"id":"a","name":"D","type":"a","state":"failed","created_at":"2024","ended_at":"\#(end)"}"#
            #expect(try historyLine(Array(line.utf8), tenant: Samples.acme).hasCorrectedEnd == isCorrected)
        }
    }

    @Test("states are read by label too, and a run that has not ended has no end")
    func states() throws {
        let line = #"{"id":"wf-1","name":"D","type":"a.b","state":"Running with failures","created_at":"2024"}"#
        #expect(try read(line).run.state == .runningWithFailures)
    }

    @Test(
        "ids that would change the path of an address are refused",
        arguments: [
            ".", "..", "%2e", "%2E%2e", "%252e", "a/../b", "a/./b", "/a", "a/", "a//b", "a%2F..%2Fb", "..\\\\x", "a\u{85}b",
        ])
    func elsewhere(id: String) {
        let ended = "\"ended_at\":\"2024-02-10T18\""
        let run = least.replacing("wf-1", with: id)
        #expect(throws: JSONProblem.self) { try read("{\(run),\(ended)}") }
        let task = #"{"id":"\#(id)","state":"skipped","ended_at":"2024-02-10T18"}"#
        #expect(throws: JSONProblem.self) { try read("{\(least),\(ended),\"task_instances\":[\(task)]}") }
        #expect(throws: JSONProblem.self) { try read("{\(least),\(ended),\"rerun_of\":\"\(id)\"}") }
        let trigger = #"{"firing_id":"f","workflow_id":"\#(id)","config_id":"c","depth":1}"#
        #expect(throws: JSONProblem.self) { try read("{\(least),\(ended),\"triggered_by\":\(trigger)}") }
    }

    @Test("other ids are kept", arguments: ["...", ".a", "a..b", "100%", "a/b", "w%zz", "é 1", "%"])
    func kept(id: String) throws {
        let run = least.replacing("wf-1", with: id)
        #expect(try read("{\(run),\"ended_at\":\"2024-02-10T18\"}").run.id.rawValue == id)
    }

    @Test(
        "invalid members are refused by name",
        arguments: [
            ("", "not valid JSON"), ("[]", "not a JSON object"), (#"{"id":"wf-1""#, "not valid JSON"),
            (#"{"name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is missing"),
            (#"{"id":"a","type":"a","state":"scheduled","created_at":"2024"}"#, "name: is missing"),
            (#"{"id":"a","name":"D","state":"scheduled","created_at":"2024"}"#, "type: is missing"),
            (#"{"id":"a","name":"D","type":"a","created_at":"2024"}"#, "state: is missing"),
            (#"{"id":"a","name":"D","type":"a","state":"scheduled"}"#, "created_at: is missing"),
            (#"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":null}"#, "created_at: is missing"),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"yesterday"}"#,
                "created_at: \"yesterday\" is not a date-time. Accepted:"
            ),
            (#"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":1707586172}"#, "created_at: is not a string"),
            (#"{"id":7,"name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is not a string"),
            (#"{"id":"","name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is not an id"),
            (#"{"id":"a\nb","name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is not an id"),
            (
                #"{"id":"a","name":"D","type":"a","state":"done","created_at":"2024"}"#,
                "state: \"done\" is not a state. Accepted: scheduled"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"skipped","created_at":"2024"}"#,
                "state: \"skipped\" is a state of tasks only"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"failed","created_at":"2024"}"#,
                "ended_at: is missing, though the state is failed"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"started","created_at":"2024","ended_at":"2025"}"#,
                "ended_at: is set, although"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","tenant":"other"}"#,
                "tenant: is \"other\", but \"acme\""
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","tenant":"-"}"#,
                "tenant: \"-\" is not a tenant"
            ),
            (#"{"id":"a","id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: appears twice"),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","warn_after_ms":-1}"#,
                "warn_after_ms: is not a number"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","warn_after_ms":1.5}"#,
                "warn_after_ms: is not an integer"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","error":{"attribution":"platform","message":"b"}}"#,
                "error.type: is missing"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","error":{"attribution":"me","type":"a","message":"b"}}"#,
                "error.attribution: \"me\" is not an attribution"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","task_instances":{}}"#,
                "task_instances: is not a JSON array"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","task_instances":[{"id":"t"}]}"#,
                "task_instances[0].state: is missing"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","task_instances":[{"id":"t","task_instance_id":"u"}]}"#,
                "task_instances[0].task_instance_id: is not the same"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","task_instances":[{"id":"t","state":"scheduled","workflow_id":"b"}]}"#,
                "task_instances[0].workflow_id: is \"b\""
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","task_instances":[{"id":"t","state":"scheduled"},{"id":"t","state":"scheduled"}]}"#,
                "task_instances[1].id: is that of another"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","task_instances":[{"id":"t","state":"running-with-failures"}]}"#,
                "task_instances[0].state:"
            ),
        ])
    func refused(line: String, message: String) {
        let problem = #expect(throws: JSONProblem.self) { try read(line) }
        #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
    }

    @Test("an error may lack attribution and data; null is the same as absent")
    func sparseErrors() throws {
        for members in [
            #""type":"a/b","message":"No""#, #""type":"a/b","message":"No","data":null"#,
            #""attribution":null,"type":"a/b","message":"No""#,
        ] {
            let run = try read(#"{\#(least),"ended_at":"2025","error":{\#(members)}}"#).run
            #expect(run.error == RunError(attribution: nil, type: "a/b", message: "No"))
        }
    }

    @Test("data of errors is kept unchanged, unless it is nested too deep")
    func errorData() throws {
        func line(_ data: String) -> String {
            #"{\#(least),"ended_at":"2025","error":{"attribution":"platform","type":"a/b","message":"","data":\#(data)}}"#
        }
        #expect(try read(line(#"{"z": 1.50, "a": "\u00fc"}"#)).run.error?.data?.text == #"{"z": 1.50, "a": "\u00fc"}"#)
        let bomb = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(throws: JSONProblem.self) { try read(line(bomb)) }
    }
}
