import Testing
import WorkflowModel

@Suite("A wait for work outside")
struct TaskWaitTests {
    private static let noon = Timestamp(milliseconds: 1_700_000_000_000)

    @Test(arguments: [
        TaskWait(for: .job, until: noon, memo: JSONText(validated: "{}")),
        TaskWait(
            for: .run, until: noon, deadline: noon + .seconds(60), checks: 12, failures: 3, needsCancel: true,
            memo: JSONText(validated: #"{"response":{"response.body.id":"cafe\#u{301}\"${"}}"#)),
    ])
    func isReadAsItWasStored(wait: TaskWait) throws {
        #expect(try TaskWait(storedText: wait.storedText) == wait)
    }

    @Test(arguments: ["", "{}", "[]", #"{"subject":"moon","until":1,"checks":0,"failures":0,"needs_cancel":true,"memo":{}}"#])
    func thatIsDamagedIsNotRead(text: String) {
        #expect(throws: StoreError.self) { try TaskWait(storedText: text) }
    }

    @Test func isNeverResumedAfterItsDeadline() {
        var wait = TaskWait(for: .job, until: Self.noon, memo: JSONText(validated: "{}"))
        #expect(wait.resumed(at: Self.noon + .seconds(90)).until == Self.noon + .seconds(90))
        #expect(!wait.isOverdue(at: .latest))
        wait.deadline = Self.noon + .seconds(60)
        #expect(wait.resumed(at: Self.noon + .seconds(90)).until == Self.noon + .seconds(60))
        #expect(!wait.isOverdue(at: Self.noon + .seconds(59)) && wait.isOverdue(at: Self.noon + .seconds(60)))
    }

    @Test func isToldInWords() {
        var wait = TaskWait(for: .job, until: Self.noon, memo: JSONText(validated: "{}"))
        #expect(wait.words == "waits for its job; polled not yet, next")
        (wait.checks, wait.failures) = (1, 1)
        #expect(wait.words == "waits for its job; polled once, the last one in vain, next")
        (wait.checks, wait.failures) = (12, 2)
        #expect(wait.words == "waits for its job; polled 12 times, the last 2 in vain, next")
    }
}
