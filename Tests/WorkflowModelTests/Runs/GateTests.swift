import Testing

@testable import WorkflowModel

@Suite("Conditions in a run")
struct GateTests {
    /// A run whose tasks have conditions, by the name of the task.
    private static func run(_ tasks: String..., gates: [String: String]) throws -> RunFixture {
        var run = RunFixture(tasks: tasks)
        for (name, text) in gates {
            let index = try #require(run.progress.tasks.firstIndex { $0.definitionID == name })
            run.progress.tasks[index].gate = TaskGate(try ConditionExpression(text), in: AttemptValues(outputs: [:]))
            run.progress.tasks[index].readyAt = nil
        }
        return run
    }

    private static func output(_ text: String) -> TaskEvent { .succeeded(TaskOutput(values: JSONText(validated: text))) }

    @Test("a task without needs is decided when the run begins")
    func atBegin() throws {
        var run = try Self.run("a", "b", "c needs b", gates: ["a": "1 == 1", "b": "1 == 2"])
        try run.progress.open(at: run.now)
        #expect(run.states == "a:scheduled b:skipped c:scheduled")
        #expect(run.ready == ["a", "c"])
        #expect(try run["b"].gate == .closed)
        #expect(try run["b"].output == ResolvedOutputs.none)
        #expect(run.progress.hasNewWork)
        #expect(run.progress.inconsistencies.isEmpty)
        try run.succeed("a", "c")
        #expect(run.progress.state == .succeeded)
    }

    @Test("a run whose tasks are all skipped succeeds at once")
    func nothingLeft() throws {
        var run = try Self.run("a", "b needs a", "c needs b", gates: ["a": "false", "b": "false", "c": "1 in []"])
        try run.progress.open(at: run.now)
        #expect(run.states == "a:skipped b:skipped c:skipped")
        #expect(run.progress.state == .succeeded)
        #expect(run.progress.endedAt != nil)
    }

    @Test("a task is decided when the last task that it needs has succeeded, with its outputs", arguments: [0, 1])
    func withOutputs(rows: Int) throws {
        var run = try Self.run("a", "b needs a", "c needs b", gates: ["b": "${outputs.a.rows} > 0"])
        try run.claim("a")
        try run.commit("a", .began, Self.output("{\"rows\":\(rows)}"))
        #expect(run.progress.wantedOutputs.isEmpty)
        #expect(run.states == (rows > 0 ? "a:succeeded b:scheduled c:scheduled" : "a:succeeded b:skipped c:scheduled"))
        #expect(run.ready == (rows > 0 ? ["b"] : ["c"]))
        #expect(run.progress.inconsistencies.isEmpty)
    }

    @Test("outputs of earlier tasks are asked for once, and only by a task that has all it needs")
    func asked() throws {
        var run = try Self.run("a", "b", "c needs a b", "d needs b", gates: ["c": "${outputs.a.n} == 1 and ${outputs.b.n} == 2"])
        try run.claim("a")
        try run.commit("a", .began, Self.output(#"{"n":1}"#))
        run.progress.tasks[0].output = nil
        #expect(run.progress.wantedOutputs.isEmpty)
        try run.claim("b")
        try run.commit("b", .began, Self.output(#"{"n":2}"#))
        #expect(run.progress.wantedOutputs == ["a"])
        #expect(run.ready == ["d"])
        try run.progress.learn(["a": JSONText(validated: #"{"n":1}"#)], at: run.now)
        #expect(run.progress.wantedOutputs.isEmpty)
        #expect(run.ready == ["c", "d"])
    }

    @Test("a condition without a result makes the task ready, so that its attempt says why")
    func withoutResult() throws {
        var run = try Self.run("a", "b needs a", "c needs a", gates: ["b": "${outputs.a.rows} > 0", "c": "${parameters.x}"])
        try run.succeed("a")
        #expect(run.progress.wantedOutputs == ["a"])
        try run.progress.learn([:], at: run.now)
        #expect(run.ready == ["b", "c"])
    }

    @Test("a failed need comes first, and a person who settles it lets the condition decide")
    func failedNeed() throws {
        var run = try Self.run("a", "b needs a", "c needs b", gates: ["b": "${outputs.a.rows} > 0"])
        try run.claim("a")
        try run.commit("a", .failed(RunFixture.customerError))
        #expect(run.states == "a:failed b:skipped c:skipped")
        let reasons = run.progress.tasks.map { SkipReason($0.state, when: $0.when, hasNeeds: !$0.needs.isEmpty, gate: $0.gate) }
        #expect(reasons == [nil, .failedNeed, .failedNeed])

        var other = try Self.run("a", "x", "b needs a", "c needs b", gates: ["b": "${outputs.a.rows} > 0"])
        try other.claim("a", "x")
        try other.commit("a", .failed(RunFixture.customerError))
        try other.resolve("a", .succeed, outputs: #"{"rows":0}"#)
        #expect(other.states == "a:succeeded x:started b:skipped c:scheduled")
        #expect(other.ready == ["c"])
        #expect(try other["b"].gate == .closed)
    }

    @Test("one that was skipped for its condition stays so when a failed task is retried")
    func staysSkipped() throws {
        var run = try Self.run("a", "x", "y", "b needs a", "c needs x", gates: ["b": "false"])
        try run.claim("a", "x", "y")
        try run.commit("a", .began, .succeeded(TaskOutput()))
        try run.commit("x", .failed(RunFixture.customerError))
        try run.resolve("x", .retry)
        #expect(run.states == "a:succeeded x:in-progress y:started b:skipped c:scheduled")
    }

    @Test("closing tasks have conditions too, also after a stop", arguments: [false, true])
    func closing(isStopped: Bool) throws {
        var run = try Self.run(
            "a", "x", "close always needs a x", "tell failure needs a x", "last always needs close",
            gates: ["close": "${parameters.clean} or false", "tell": "true", "last": "${outputs.close} == ${outputs.a}"])
        let index = try #require(run.progress.tasks.firstIndex { $0.definitionID == "close" })
        run.progress.tasks[index].gate = TaskGate(try ConditionExpression("1 == 2"), in: AttemptValues(outputs: [:]))
        try run.claim("a", "x")
        if isStopped {
            try run.stop()
            try run.commit("a", .stopped)
            try run.commit("x", .stopped)
            #expect(run.states == "a:canceled x:canceled close:skipped tell:scheduled last:scheduled")
        } else {
            try run.commit("a", .began, .succeeded(TaskOutput()))
            try run.commit("x", .failed(RunFixture.customerError))
            while !run.progress.wantedOutputs.isEmpty { try run.progress.learn([:], at: run.now) }
            #expect(run.states == "a:succeeded x:failed close:skipped tell:scheduled last:scheduled")
        }
        #expect(try run["close"].gate == .closed)
        #expect(run.ready == ["tell", "last"])
        #expect(run.progress.inconsistencies.isEmpty)
    }

    @Test("a stop cancels tasks that wait for their condition")
    func stopped() throws {
        var run = try Self.run("a", "b needs a", gates: ["b": "${outputs.a.x} == 1"])
        try run.claim("a")
        try run.stop()
        #expect(run.states == "a:stopping b:canceled")
        try run.commit("a", .stopped)
        #expect(run.progress.state == .canceled)
    }

    @Test("a task that was never decided is found and repaired")
    func repaired() throws {
        var run = try Self.run("a", "b needs a", "c needs a", gates: ["b": "1 == 1", "c": "${outputs.a.x} == 1"])
        try run.succeed("a")
        for index in run.progress.tasks.indices where run.progress.tasks[index].definitionID != "a" {
            run.progress.tasks[index].readyAt = nil
        }
        run.reload()
        #expect(run.progress.inconsistencies == [.taskIsStuck])
        try run.progress.repair(at: run.now)
        #expect(run.progress.wantedOutputs == ["a"])
        try run.progress.learn(["a": JSONText(validated: #"{"x":2}"#)], at: run.now)
        #expect(run.states == "a:succeeded b:scheduled c:skipped")
        #expect(run.ready == ["b"])
        #expect(run.progress.inconsistencies.isEmpty)
    }
}

@Suite("Conditions in a plan")
struct GatePlanTests {
    private static let text = """
        id: daily
        name: Daily
        type: t
        parameters: {region: {type: string, default: eu}, more: {type: json, required: false}}
        stages:
          - name: One
            run_modes: [full]
            tasks:
              - {id: a, type: t, command: [a], if: "${parameters.region} == 'eu'"}
              - {id: b, type: t, command: [a]}
          - {name: Two, tasks: [{id: c, type: t, command: [a], if: "${outputs.b.x} == ${parameters.more.y}"}, {id: d, type: t, needs: [a], command: [a]}]}

        """

    private static func plan(_ mode: RunMode = .full) throws -> RunPlan {
        let configuration = try Sample.read(text)
        return try RunPlan(
            configuration, version: version, for: RunRequest(principal: RunFixture.person, runMode: mode),
            at: Timestamp(milliseconds: 0), random: FixedRandom(number: 7))
    }

    private static var version: ConfigurationVersion {
        get throws {
            ConfigurationVersion(
                id: ConfigurationVersionID(rawValue: "etv-1"), tenant: try #require(Tenant("acme")), configuration: "daily",
                number: 1,
                name: "Daily", type: "t", source: ConfigurationSource(text: text, format: .yaml),
                createdAt: Timestamp(milliseconds: 0), createdBy: RunFixture.person)
        }
    }

    @Test("tasks with conditions are not ready, and the values of the run are in the condition")
    func plan() throws {
        let plan = try Self.plan()
        #expect(plan.tasks.map(\.isReady) == [false, true, false, false])
        #expect(plan.tasks.map { $0.gate == nil } == [false, true, false, true])
        #expect(plan.hasGates)
        #expect(plan.tasks[0].gate?.storedText == #"["==",["value","eu"],["value","eu"]]"#)
        // A value that is not there keeps its name: the attempt says which one.
        #expect(plan.tasks[2].gate?.storedText == #"["==",["name","outputs.b.x"],["name","parameters.more.y"]]"#)
    }

    @Test("a task that the run mode skips has no condition")
    func runMode() throws {
        let plan = try Self.plan(.refresh)
        #expect(plan.tasks.map(\.state) == [.skipped, .skipped, .scheduled, .scheduled])
        #expect(plan.tasks.map { $0.gate == nil } == [true, true, false, true])
    }
}
