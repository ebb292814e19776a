import Testing
import WorkflowModel
import WorkflowTestKit

@Suite("Trying again")
struct RetryPolicyTests {
    private static let platform = RunError(attribution: .platform, type: "weir.worker/lost", message: "gone")
    private static let customer = RunError(attribution: .customer, type: "weir.task.command/exit", message: "no")

    private static let policies: [String: RetryPolicy] = [
        "standard": .standard,
        "once": RetryPolicy(attempts: 1),
        "both": RetryPolicy(attempts: 2, retries: [.customer, .platform]),
        "steep": RetryPolicy(attempts: 10, firstDelay: .seconds(1), factor: 10, maxDelay: .seconds(60)),
        "even": RetryPolicy(attempts: 100, firstDelay: .seconds(4), factor: 1, maxDelay: .seconds(60)),
        "at once": RetryPolicy(attempts: 5, firstDelay: .zero, factor: 2, maxDelay: .zero),
        "huge": RetryPolicy(attempts: 100, firstDelay: .seconds(1), factor: 100, maxDelay: ConfigurationLimits.longestDuration),
    ]

    /// The policy, the attempt that failed, whose fault it was, and the longest wait in seconds; nil for no other attempt.
    private static let table: [(String, Int, Attribution, Double?)] = [
        ("standard", 1, .platform, 5.0), ("standard", 2, .platform, 10), ("standard", 3, .platform, nil),
        ("standard", 4, .platform, nil), ("standard", 1, .customer, nil),
        ("once", 1, .platform, nil),
        ("both", 1, .customer, 5), ("both", 1, .platform, 5), ("both", 2, .customer, nil),
        ("steep", 1, .platform, 1), ("steep", 2, .platform, 10), ("steep", 3, .platform, 60), ("steep", 9, .platform, 60),
        ("steep", 10, .platform, nil),
        ("even", 1, .platform, 4), ("even", 99, .platform, 4),
        ("at once", 1, .platform, 0), ("at once", 4, .platform, 0),
        ("huge", 99, .platform, 31_536_000),
    ]

    @Test(arguments: table)
    func theWaitGrowsUpToItsLimit(name: String, attempt: Int, attribution: Attribution, longest: Double?) throws {
        let policy = try #require(Self.policies[name])
        let error = attribution == .platform ? Self.platform : Self.customer
        let shortest = longest.map { Duration.seconds($0 / 2) }
        #expect(policy.delay(after: attempt, failedWith: error, random: 0) == shortest)
        let late = policy.delay(after: attempt, failedWith: error, random: 0.999_999)
        #expect((late == nil) == (longest == nil))
        if let late, let longest { #expect(late <= .seconds(longest) && late >= .seconds(longest * 0.999)) }
    }

    @Test(arguments: 0..<10)
    func theWaitLiesBetweenHalfOfItAndAllOfIt(seed: Int) {
        let random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<200 {
            let fraction = random.fraction()
            #expect((0..<1).contains(fraction))
            let delay = RetryPolicy.standard.delay(after: 2, failedWith: Self.platform, random: fraction) ?? .zero
            #expect(delay >= .seconds(5) && delay < .seconds(10))
        }
    }

    @Test func theStandardIsThreeAttemptsAtPlatformFaults() {
        #expect(RetryPolicy.standard.attempts == 3)
        #expect(RetryPolicy.standard.retries == [.platform])
    }

    @Test func onlyWhatEndsAnAttemptSaysSo() {
        let events: [(TaskEvent, TaskEventKind, Bool)] = [
            (.began, .began, false), (.recording, .recording, false), (.succeeded(TaskOutput()), .succeeded, true),
            (.failed(Self.customer), .failed, true), (.retrying(Self.platform, at: Timestamp(milliseconds: 0)), .retrying, true),
            (.stopped, .stopped, true),
            (
                .waiting(TaskWait(for: .job, until: Timestamp(milliseconds: 0), memo: JSONText(validated: "{}"))), .waiting, false
            ),
        ]
        for (event, kind, ends) in events {
            #expect(event.kind == kind)
            #expect(event.endsAttempt == ends)
        }
    }
}
