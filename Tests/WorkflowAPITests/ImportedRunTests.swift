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

    @Test("a run in its verbose form keeps all there is")
    func verbose() throws {
        let run = try importedRun(
            fromLine: Array(Samples.details.document(.verbose).readableBytesView), tenant: Samples.acme)
        #expect(run.run == Samples.failed)
        #expect(run.launchedVersion?.rawValue == "etv-1")
        #expect(run.currentVersion?.rawValue == "etv-2")
        #expect(run.warnAfter == .seconds(7_200))
        #expect(run.tasks == [Samples.fullTask, Samples.bareTask])
    }

    @Test("what is missing and can be has a default")
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

    @Test("states go by label too, and a run that goes on has no end")
    func states() throws {
        let line = #"{"id":"wf-1","name":"D","type":"a.b","state":"Running with failures","created_at":"2024"}"#
        #expect(try read(line).run.state == .runningWithFailures)
    }

    @Test(
        "what cannot be is refused with the member's name",
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
                "created_at: \"yesterday\" is not a date-time; accepted is"
            ),
            (#"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":1707586172}"#, "created_at: is not a string"),
            (#"{"id":7,"name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is not a string"),
            (#"{"id":"","name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is not an id"),
            (#"{"id":"a\nb","name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is not an id"),
            (
                #"{"id":"a","name":"D","type":"a","state":"done","created_at":"2024"}"#,
                "state: \"done\" is not a state; accepted are scheduled"
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
                "ended_at: is there, though"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"failed","created_at":"2024","ended_at":"2023"}"#,
                "ended_at: is before created_at"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","tenant":"other"}"#,
                "tenant: is \"other\", but \"acme\""
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","tenant":"-"}"#,
                "tenant: \"-\" is not a tenant"
            ),
            (#"{"id":"a","id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024"}"#, "id: is there twice"),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","warn_after_ms":-1}"#,
                "warn_after_ms: is not a number"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","warn_after_ms":1.5}"#,
                "warn_after_ms: is not an integer"
            ),
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","error":{"type":"a","message":"b"}}"#,
                "error.attribution: is missing"
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
            (
                #"{"id":"a","name":"D","type":"a","state":"scheduled","created_at":"2024","task_instances":[{"id":"t","state":"skipped","ended_at":"2023"}]}"#,
                "task_instances[0].ended_at: is before created_at"
            ),
        ])
    func refused(line: String, message: String) {
        let problem = #expect(throws: JSONProblem.self) { try read(line) }
        #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
    }

    @Test("data of errors is kept to the letter, but not if it is too deep")
    func errorData() throws {
        func line(_ data: String) -> String {
            #"{\#(least),"ended_at":"2025","error":{"attribution":"platform","type":"a/b","message":"","data":\#(data)}}"#
        }
        #expect(try read(line(#"{"z": 1.50, "a": "\u00fc"}"#)).run.error?.data?.text == #"{"z": 1.50, "a": "\u00fc"}"#)
        let bomb = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(throws: JSONProblem.self) { try read(line(bomb)) }
    }
}
