import Testing
import WorkflowModel

@Suite("A call of a workflow")
struct WorkflowCallTests {
    @Test func isReadWithItsParameters() throws {
        let task = try Sample.readTask(
            "workflow: {config: cg-report, run_mode: refresh, parameters: {day: \"${run.id}\", n: 7, list: [a]}}")
        guard case .workflow(let call)? = task?.action else {
            Issue.record("no call")
            return
        }
        #expect(call.configuration == "cg-report" && call.runMode == .refresh && task?.action.executionType == .workflow)
        #expect(call.parameters.text == #"{"day":"${run.id}","n":7,"list":["a"]}"#)
        #expect(task?.references.map(\.description) == ["run.id"])
        #expect(try Sample.read(Sample.task("workflow: {config: cg-report}")).calledWorkflows == ["cg-report"])
    }

    @Test(arguments: [
        ("workflow: {}", "`config` is missing"), ("workflow: cg-report", "must be a mapping such as"),
        ("workflow: {config: a/b}", "`config` must be"),
        ("workflow: {config: a, parameters: [1]}", "`parameters` must be a mapping"),
        ("workflow: {config: a, parameters: {\"a b\": 1}}", "is not a name of a parameter"),
        ("workflow: {config: a, parameters: {p: \"${secrets.x}\"}}", "in a parameter of a run, which is kept and shown"),
        ("workflow: {config: a, parameters: {p: \"${outputs.x.y}\"}}", "no task has the id `x`"),
        ("workflow: {config: a}\n        command: [b]", "`command` and `workflow` exclude each other"),
        ("workflow: {config: a}\n        grace: 5s", "a call of a workflow has no grace period"),
        ("workflow: {config: a}\n        env: {A: b}", "a call of a workflow has no environment"),
        ("workflow: {config: a}\n        blame: {3: customer}", "accepted is `timeout`"),
        ("label: x", "`command`, `http` or `workflow` is missing"),
    ])
    func mistakesAreNamed(members: String, words: String) {
        let problems = Sample.problems(Sample.task(members))
        #expect(problems.contains { $0.message.contains(words) }, "\(problems)")
    }

    @Test(arguments: [
        (["a": ["a"]], ["a", "a"]), (["a": ["b"], "b": ["c", "a"], "c": []], ["a", "b", "a"]),
        (["a": ["b"], "b": ["c"], "c": ["b"]], []), (["a": ["x"]], []), (["a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []], []),
    ])
    func circlesAreFound(calls: [String: [String]], chain: [String]) async {
        let cycle = await WorkflowCallCycle.find(from: "a") { calls[$0] ?? [] }
        #expect(cycle?.chain ?? [] == chain)
    }

    @Test func circlesAreToldInWords() {
        #expect(WorkflowCallCycle(chain: ["a", "a"]).message == "the workflow `a` calls itself, so that its runs would never end")
        #expect(WorkflowCallCycle(chain: ["a", "b", "a"]).message.hasSuffix("never end: a → b → a"))
    }
}
