import Testing
import WorkflowModel

@Suite("Defaults of tasks")
struct DefaultsTests {
    private static func tasks(_ defaults: String, stage: String, _ task: String) throws -> TaskDefinition {
        try #require(try Sample.read(text(defaults, stage: stage, task)).tasks.first)
    }

    /// The defaults of the configuration in line 5, those of the stage in line 8, and the task in line 10.
    private static func text(_ defaults: String, stage: String, _ task: String) -> String {
        """
        id: daily
        name: Daily
        type: t
        parameters: {region: {type: string, default: eu}}
        defaults: {\(defaults)}
        stages:
          - name: Only
            defaults: {\(stage)}
            tasks:
              - {id: pull, type: t, \(task)}

        """
    }

    @Test("a task goes before its stage, and the stage before the configuration")
    func precedence() throws {
        let outer = "timeout: 1m, retry: {attempts: 7, factor: 3}, grace: 1s, env: {A: 1, B: 1}, uses: {x: 1, y: 1}"
        let far = try Self.tasks(outer, stage: "", "command: [a]")
        #expect(far.timeout == .seconds(60))
        #expect(far.retry == RetryPolicy(attempts: 7, factor: 3))
        #expect(far.grace == .seconds(1))
        #expect(far.env.map { "\($0.name)=\($0.value)" } == ["A=1", "B=1"])
        #expect(far.uses == ["x": 1, "y": 1])

        let stage = "timeout: 2m, retry: {attempts: 2}, grace: 2s, env: {B: 2, C: 2}, uses: {y: 2}"
        let middle = try Self.tasks(outer, stage: stage, "command: [a]")
        #expect(middle.timeout == .seconds(120))
        // As a whole: the factor of the configuration is not merged.
        #expect(middle.retry == RetryPolicy(attempts: 2))
        #expect(middle.grace == .seconds(2))
        #expect(middle.env.map { "\($0.name)=\($0.value)" } == ["A=1", "B=2", "C=2"])
        #expect(middle.uses == ["x": 1, "y": 2])

        let near = try Self.tasks(
            outer, stage: stage, "command: [a], timeout: 3m, retry: {attempts: 1}, grace: 3s, env: {C: 3, D: 3}, uses: {x: 3}")
        #expect(near.timeout == .seconds(180))
        #expect(near.retry.attempts == 1)
        #expect(near.grace == .seconds(3))
        #expect(near.env.map { "\($0.name)=\($0.value)" } == ["A=1", "B=2", "C=3", "D=3"])
        #expect(near.uses == ["x": 3, "y": 2])
    }

    @Test("a call takes the defaults that calls have")
    func calls() throws {
        let call = try Self.tasks("timeout: 1m, grace: 1s, env: {A: 1}", stage: "", "http: {url: \"http://h\"}")
        #expect(call.timeout == .seconds(60))
        #expect(call.grace == nil)
        #expect(call.env.isEmpty)
    }

    @Test("without defaults, tasks are as they were")
    func none() throws {
        let task = try #require(try Sample.readTask("command: [a]"))
        #expect(task == TaskDefinition(id: "pull", label: "pull", type: "shop.pull", action: .command(["a"])))
    }

    @Test("names of variables differ by their case")
    func names() throws {
        let task = try Self.tasks("env: {a: 1}", stage: "env: {A: 2}", "command: [a]")
        #expect(task.env.map { "\($0.name)=\($0.value)" } == ["a=1", "A=2"])
    }

    @Test("what a configuration names is found out again when its variables change")
    func changes() throws {
        let one = try Sample.read(Self.text("env: {A: 1}", stage: "", "command: [a]"))
        let other = try Sample.read(Self.text("env: {A: 2}", stage: "", "command: [a]"))
        let third = try Sample.read(Self.text("env: {A: 2}", stage: "", "command: [a], if: true"))
        #expect(one.redefinedTasks(since: one).isEmpty)
        #expect(one.redefinedTasks(since: other) == ["pull"])
        #expect(third.redefinedTasks(since: other) == ["pull"])
    }

    @Test(
        "are checked where they are written",
        arguments: [
            ("timeout: 5", "", 5, "the configuration, `defaults`: `timeout` must be"),
            ("retyr: {}", "", 5, "did you mean `retry`?"),
            ("retry: {attempts: 0}", "", 5, "`defaults`, `retry`"), ("env: {WEIR_A: 1}", "", 5, "which only the service sets"),
            ("env: {A: \"${outputs.pull.x}\"}", "", 5, "defaults can only name `parameters`, `run` and `secrets`"),
            ("env: {A: \"${parameters.x}\"}", "", 5, "there is no parameter `x`"), ("uses: {x: 0}", "", 5, "`uses` must be"),
            ("", "timeout: 5", 8, "stage 1, `defaults`: `timeout` must be"),
            ("", "env: {A: \"${parameters.x}\"}", 8, "there is no parameter `x`"),
            ("", "env: {LD_PRELOAD: \"${run.id}\"}", 8, "write its value out"), ("when: always", "", 5, "has no member `when`"),
        ] as [(String, String, Int, String)])
    func refused(defaults: String, stage: String, line: Int, words: String) {
        let problems = Sample.problems(Self.text(defaults, stage: stage, "command: [a]"))
        #expect(problems.map(\.line) == [line], "\(problems)")
        #expect(problems.first?.message.lowercased().contains(words.lowercased()) == true, "\(problems)")
    }

    @Test("have at most 100 variables and 128 KiB, with those of the task")
    func limits() throws {
        func variables(_ numbers: Range<Int>) -> String { numbers.map { "V\($0): a" }.joined(separator: ", ") }
        let most = ExpressionLimits.variables
        #expect(
            try Self.tasks("env: {\(variables(0..<60))}", stage: "", "command: [a], env: {\(variables(50..<most))}").env.count
                == most)
        let problems = Sample.problems(
            Self.text("env: {\(variables(0..<60))}", stage: "", "command: [a], env: {\(variables(50..<most + 1))}"))
        #expect(problems.map(\.line) == [10])
        #expect(problems.first?.message.contains("100 variables at most, not 101") == true)
        let value = String(repeating: "x", count: ExpressionLimits.environmentBytes - 1)
        #expect(throws: Never.self) { try Self.tasks("env: {A: \(value)}", stage: "", "command: [a]") }
        let larger = Sample.problems(Self.text("env: {A: x\(value)}", stage: "", "command: [a]"))
        #expect(larger.first?.message.contains("131072 bytes together, not 131073") == true)
        #expect(larger.map(\.line) == [5, 10])
        let long = String(repeating: "N", count: ExpressionLimits.variableName)
        #expect(throws: Never.self) { try Self.tasks("env: {\(long): a}", stage: "", "command: [a]") }
        #expect(Sample.problems(Self.text("env: {\(long)N: a}", stage: "", "command: [a]")).count == 1)
        // Merged resources.
        func uses(_ numbers: Range<Int>) -> String { numbers.map { "r\($0): 1" }.joined(separator: ", ") }
        #expect(
            Sample.problems(Self.text("uses: {\(uses(0..<15))}", stage: "", "command: [a], uses: {\(uses(10..<21))}")).first?
                .message
                .contains("20 resources at most, not 21") == true)
    }
}
