import Testing
import WorkflowModel

@Suite("Resolutions of tasks while their run goes on")
struct ResolutionTests {
    /// `a` failed, so that `c` and `d` were skipped; `b` runs, and `d` needs it too.
    private func failing() throws -> RunFixture {
        var run = RunFixture("a", "b", "c needs a", "d needs c b", "e needs b")
        try run.claim("a", "b")
        try run.commit("b", .began)
        try run.commit("a", .began, .failed(RunFixture.customerError))
        #expect(run.states == "a:failed b:running c:skipped d:skipped e:scheduled")
        #expect(run.progress.state == .runningWithFailures)
        return run
    }

    @Test func aRetriedTaskIsReadyAndItsDependentsWaitForItAgain() throws {
        var run = try failing()
        let token = try run["a"].token
        #expect(try run.resolve("a", .retry) == [0])
        #expect(run.states == "a:in-progress b:running c:scheduled d:scheduled e:scheduled")
        #expect(run.ready == ["a"] && run.progress.hasNewWork)
        #expect(run.progress.state == .inProgress && run.progress.error == nil && run.progress.hasRunChanged)
        let task = try run["a"]
        #expect(task.endedAt == nil && task.readyAt == run.now && task.token == token + 1 && task.attempt == 1)
        #expect(task.resolution == nil && task.error == RunFixture.customerError, "a retry keeps the error until it succeeds")
        #expect(try run["c"].endedAt == nil && run["d"].endedAt == nil)
        try run.succeed("a")
        #expect(try run["a"].attempt == 2)
        try run.commit("b", .succeeded(TaskOutput()))
        try run.succeed("c", "d", "e")
        #expect(run.progress.state == .succeeded && run.progress.error == nil)
    }

    @Test func aSkippedTaskLetsItsDependentsRunWithoutItsOutputs() throws {
        var run = try failing()
        try run.resolve("a", .skip)
        #expect(run.states == "a:skipped b:running c:scheduled d:scheduled e:scheduled")
        #expect(run.ready == ["c"])
        let task = try run["a"]
        #expect(task.resolution == .skip && task.output == JSONText(validated: "{}") && task.error == nil)
        #expect(task.endedAt == run.now && task.readyAt == nil)
        try run.commit("b", .succeeded(TaskOutput()))
        try run.succeed("c", "d", "e")
        #expect(run.progress.state == .succeeded)
        #expect(run.progress.inconsistencies.isEmpty)
    }

    @Test func aTaskIsMarkedAsSucceededWithOutputs() throws {
        var run = try failing()
        try run.resolve("a", .succeed, outputs: #"{"rows":3}"#)
        #expect(run.states == "a:succeeded b:running c:scheduled d:scheduled e:scheduled")
        let task = try run["a"]
        #expect(task.resolution == .succeed && task.output == JSONText(validated: #"{"rows":3}"#))
    }

    @Test(arguments: [Resolution.retry, .skip, .succeed])
    func aTaskBetweenTwoAttemptsDoesNotWaitAnyLonger(_ resolution: Resolution) throws {
        var run = RunFixture("a", "b needs a")
        try run.claim("a")
        try run.commit("a", .retrying(RunFixture.platformError, at: Timestamp(milliseconds: 900_000)))
        #expect(run.progress.state == .started)
        try run.resolve("a", resolution)
        switch resolution {
        case .retry:
            #expect(run.states == "a:in-progress b:scheduled")
            #expect(try run["a"].readyAt == run.now)
        default:
            #expect(run.ready == ["b"])
            try run.succeed("b")
            #expect(run.progress.state == .succeeded)
        }
    }

    @Test func theLastOpenTaskEndsItsRunAlthoughNothingBegan() throws {
        var run = RunFixture("a")
        try run.claim("a")
        try run.commit("a", .retrying(RunFixture.platformError, at: Timestamp(milliseconds: 900_000)))
        try run.resolve("a", .skip)
        #expect(run.progress.state == .succeeded && run.progress.endedAt == run.now)
    }

    @Test func anotherFailedTaskStillStandsInTheWayOfItsDependents() throws {
        var run = RunFixture("a", "b", "c needs a", "d needs a b", "e needs d", "f")
        try run.claim("a", "b", "f")
        try run.commit("b", .failed(RunFixture.platformError))
        try run.commit("a", .failed(RunFixture.customerError))
        #expect(run.progress.error?.message == "Task b: The worker is gone")
        try run.resolve("b", .skip)
        #expect(run.states == "a:failed b:skipped c:skipped d:skipped e:skipped f:started")
        #expect(run.progress.state == .runningWithFailures)
        #expect(run.progress.error?.message == "Task a: It ended with 3", "that of the first task that is still failed")
        try run.resolve("a", .skip)
        #expect(run.states == "a:skipped b:skipped c:scheduled d:scheduled e:scheduled f:started")
        #expect(run.ready == ["c", "d"])
        #expect(run.progress.state == .inProgress && run.progress.error == nil)
    }

    @Test func tasksThatTheRunModeSkipsStaySkipped() throws {
        var run = RunFixture("a", "b", "c needs a", "x skipped")
        try run.claim("a", "b")
        try run.commit("a", .failed(RunFixture.customerError))
        try run.resolve("a", .skip)
        #expect(run.states == "a:skipped b:started c:scheduled x:skipped")
    }

    @Test func allFailedTasksAreResolvedAtOnce() throws {
        var run = RunFixture("a", "b", "c needs a b", "d")
        try run.claim("a", "b", "d")
        try run.commit("a", .failed(RunFixture.customerError))
        try run.commit("b", .failed(RunFixture.customerError))
        run.reload()
        let order = ResolutionOrder(.retry, of: .allFailed, by: RunFixture.person, at: run.now)
        #expect(try run.progress.resolve(order) == [0, 1])
        #expect(run.states == "a:in-progress b:in-progress c:scheduled d:started")
        run.reload()
        #expect(throws: ResolutionRefusal.nothingFailed) { try run.progress.resolve(order) }
    }

    @Test func aLateReportOfTheOldAttemptChangesNothing() throws {
        for resolution in [Resolution.retry, .skip, .succeed] {
            var run = try failing()
            let old = try run.lease("a")
            try run.resolve("a", resolution)
            run.reload()
            let before = run.progress
            for event in [TaskEvent.failed(RunFixture.customerError), .succeeded(TaskOutput()), .began, .stopped] {
                #expect(try run.progress.commit(event, under: old, at: run.now) == .stale)
            }
            #expect(run.progress.tasks == before.tasks && run.progress.state == before.state)
        }
    }

    @Test func aTaskThatIsNeitherFailedNorWaitingForAnAttemptIsRefused() throws {
        var run = try failing()
        for name in ["b", "c", "e"] {
            let task = try run[name]
            #expect(throws: ResolutionRefusal.doesNotApply(label: task.label, state: task.state)) { try run.resolve(name, .retry) }
        }
        try run.resolve("a", .skip)
        // The second of two persons.
        #expect(throws: ResolutionRefusal.doesNotApply(label: "Task a", state: .skipped)) { try run.resolve("a", .succeed) }
        #expect(throws: ResolutionRefusal.noSuchTask) {
            try run.progress.resolve(
                ResolutionOrder(.skip, of: .one(TaskID(rawValue: "wft-none")), by: RunFixture.person, at: run.now))
        }
        for resolution in [Resolution.fromHere, .fromStart] {
            #expect(throws: ResolutionRefusal.needsEnd(resolution)) { try run.resolve("a", resolution) }
        }
        try run.stop()
        #expect(throws: ResolutionRefusal.isStopping) { try run.resolve("a", .retry) }
    }

    @Test func anEndedRunNeverChanges() throws {
        var run = RunFixture("a", "b needs a")
        try run.claim("a")
        try run.commit("a", .failed(RunFixture.customerError))
        let before = run.progress
        for resolution in [Resolution.retry, .skip, .succeed, .fromHere] {
            #expect(throws: ResolutionRefusal.hasEnded) { try run.resolve("a", resolution) }
        }
        #expect(run.progress.tasks == before.tasks && run.progress.state == .failed)
    }

    @Test(arguments: [
        ("{}", true), (#"{"rows":[1,2]}"#, true), (" {\n} ", true), ("", false), ("[]", false), ("3", false),
        (#"{"a":1,"a":2}"#, false),
        ("{", false), ("null", false),
    ])
    func outputsAreAnObject(_ text: String, isAccepted: Bool) {
        #expect((ResolvedOutputs.read(Array(text.utf8)) != nil) == isAccepted)
    }

    @Test func outputsHaveTheLimitsOfACommand() {
        func object(_ bytes: Int) -> [UInt8] { Array("{\"a\":\"\(String(repeating: "x", count: bytes - 8))\"}".utf8) }
        #expect(object(ResolvedOutputs.bytes).count == ResolvedOutputs.bytes)
        #expect(ResolvedOutputs.read(object(ResolvedOutputs.bytes)) != nil)
        #expect(ResolvedOutputs.read(object(ResolvedOutputs.bytes + 1)) == nil)
        func nested(_ levels: Int) -> [UInt8] {
            Array((String(repeating: "{\"a\":", count: levels - 1) + "{}" + String(repeating: "}", count: levels - 1)).utf8)
        }
        #expect(ResolvedOutputs.read(nested(JSONValue.depthLimit)) != nil)
        #expect(ResolvedOutputs.read(nested(JSONValue.depthLimit + 1)) == nil)
    }
}
