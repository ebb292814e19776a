import Testing

@testable import WorkflowModel

@Suite("Texts of wait reasons")
struct WaitReasonTextTests {
    private static let holder = LimitHolder(
        run: RunID(rawValue: "wf-1"), task: TaskID(rawValue: "wft-1"), label: "Pull", units: 2, since: Timestamp(milliseconds: 0))

    private static func words(_ reason: TaskWaitReason.Reason) -> String {
        TaskWaitReason(
            id: TaskID(rawValue: "wft-9"), definitionID: "load", label: "Load", state: .scheduled, reason: reason,
            since: Timestamp(milliseconds: 0)
        ).words
    }

    private static func words(_ queue: LimitQueue, size: Int?, units: Int = 1, taken: Int, holders: [LimitHolder]) -> String {
        words(.limit(LimitUsage(queue: queue, size: size, units: units, taken: taken, holders: holders)))
    }

    @Test func aLimitIsNamedWithItsSizeAndWhatHoldsIt() {
        let warehouse = LimitQueue(.resource("warehouse"))
        #expect(
            Self.words(warehouse, size: 2, taken: 2, holders: [Self.holder])
                == "waits for warehouse (2 of 2 held by Pull of wf-1)")
        #expect(
            Self.words(warehouse, size: 4, units: 2, taken: 2, holders: [Self.holder])
                == "waits for 2 of warehouse (2 of 4 held by Pull of wf-1; other tasks have waited longer)")
        #expect(
            Self.words(LimitQueue(.resource("warehouse"), exceedsSize: true), size: 2, units: 3, taken: 0, holders: [])
                == "needs 3 of warehouse, but its tenant has only 2")
        var run = Self.holder
        run.task = nil
        #expect(
            Self.words(LimitQueue(.runs(of: "cg-daily")), size: 1, taken: 1, holders: [run])
                == "waits for another run of cg-daily to end (1 of 1 held by wf-1)")
        #expect(
            Self.words(LimitQueue(.tasks), size: 5, taken: 5, holders: Array(repeating: Self.holder, count: 5))
                == "waits for another task of its tenant to end (5 of 5 held by Pull of wf-1, Pull of wf-1, Pull of wf-1 and 2 more)"
        )
    }

    @Test func theOtherReasonsAreSaidToo() {
        #expect(Self.words(.works) == "runs")
        #expect(Self.words(.stops) == "is being stopped")
        #expect(Self.words(.worker(ahead: 0)) == "waits for a worker; no task of its tenant is ahead")
        #expect(Self.words(.worker(ahead: 7)) == "waits for a worker; 7 tasks of its tenant are ahead")
        #expect(Self.words(.worker(ahead: 1_000)) == "waits for a worker; at least 1000 tasks of its tenant are ahead")
        let needed = ["A", "B", "C", "D"].map { NeededTask(id: TaskID(rawValue: $0), label: $0, state: .running) }
        #expect(Self.words(.needs(Array(needed.prefix(2)))) == "waits for A, B")
        #expect(Self.words(.needs(needed)) == "waits for A, B, C and 1 more")
        let down = RunError(attribution: .platform, type: "test/down", message: "Down")
        #expect(
            Self.words(.retry(at: Timestamp(milliseconds: 1_700_000_000_000), after: down))
                == "waits for its retry at 2023-11-14T22:13:20.000Z after: Down")
    }
}
