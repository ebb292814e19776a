import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("The outcome of an attempt")
struct AttemptDecisionTests {
    private let now = Timestamp(milliseconds: 1_000_000)
    private let output = TaskOutput(runID: "engine-1")

    private func decision(
        attempt: Int = 1, retry: RetryPolicy = .standard, action: TaskAction = .command(["true"]),
        timeout: Duration? = .seconds(90),
        blame: BlameTable = BlameTable()
    ) -> AttemptDecision {
        AttemptDecision(
            attempt: attempt,
            definition: TaskDefinition(
                id: "a", label: "A", type: "t", action: action, timeout: timeout, retry: retry, blame: blame),
            now: now, random: 0)
    }

    @Test func successIsReportedAsItIs() {
        #expect(decision().event(for: .succeeded(output), toldToEnd: nil) == .succeeded(output))
    }

    @Test func theCustomersFaultIsNotTriedAgain() {
        let error = RunError.scripted(.customer)
        #expect(decision().event(for: .failed(error, runID: "x"), toldToEnd: nil) == .failed(error, runID: "x"))
    }

    @Test("A platform error is retried with growing delays until the attempts are used up")
    func platformFaults() {
        let error = RunError.scripted(.platform)
        let retry = RetryPolicy(attempts: 4, firstDelay: .seconds(4), factor: 10, maxDelay: .seconds(60))
        let delays = (1...4).map { attempt -> Duration? in
            guard
                case .retrying(error, let instant, "x") = decision(attempt: attempt, retry: retry)
                    .event(for: .failed(error, runID: "x"), toldToEnd: nil)
            else { return nil }
            return instant - now
        }
        // Half of each delay, because the random half is zero here.
        #expect(delays == [.seconds(2), .seconds(20), .seconds(30), nil])
        #expect(decision(attempt: 4, retry: retry).event(for: .failed(error), toldToEnd: nil) == .failed(error))
    }

    @Test func aPolicyCanRetryTheCustomersFaultToo() {
        let retry = RetryPolicy(attempts: 2, firstDelay: .zero, retries: [.customer])
        let error = RunError.scripted(.customer)
        #expect(decision(retry: retry).event(for: .failed(error), toldToEnd: nil) == .retrying(error, at: now))
        #expect(
            decision(retry: retry).event(for: .failed(.scripted(.platform)), toldToEnd: nil) == .failed(.scripted(.platform)))
    }

    @Test("A worker without access to the store reports the outcome of its work, or that the worker was lost")
    func cutOff() {
        #expect(decision().event(for: .succeeded(output), toldToEnd: .cutOff) == .succeeded(output))
        let error = RunError.scripted(.customer)
        #expect(decision().event(for: .failed(error), toldToEnd: .cutOff) == .failed(error))
        guard case .retrying(let lost, _, _)? = decision().event(for: .stopped, toldToEnd: .cutOff) else {
            Issue.record("it is not retried")
            return
        }
        #expect(lost.type == "weir.worker/lost" && lost.attribution == .platform)
        #expect(EndReason.cutOff.after(.stopRequested) == .stopRequested && EndReason.leaseLost.after(.cutOff) == .leaseLost)
        #expect(EndReason.cutOff.after(.timedOut) == .timedOut && EndReason.timedOut.after(.cutOff) == .cutOff)
    }

    @Test("A timeout is a failure, whatever outcome the terminated work reports")
    func timeouts() throws {
        for outcome in [TaskOutcome.stopped, .succeeded(output), .failed(.scripted(.customer))] {
            let event = decision(attempt: 3).event(for: outcome, toldToEnd: .timedOut)
            guard case .failed(let error, _)? = event else {
                Issue.record("\(outcome) led to \(String(describing: event))")
                continue
            }
            #expect(error.type == "weir.task.command/timeout")
            #expect(error.attribution == .platform)
            #expect(error.message == "The task took longer than its timeout of 90 s.")
        }
    }

    @Test("The next attempt waits as long as the server asked for, and never less than the policy says")
    func retryAfter() throws {
        let error = RunError.scripted(.platform)
        func delay(_ wait: Duration?) throws -> Duration {
            let decision = decision()
            guard case .retrying(_, let instant, _)? = decision.event(for: .failed(error, retryAfter: wait), toldToEnd: nil) else {
                struct NotRetried: Error {}
                throw NotRetried()
            }
            return instant - decision.now
        }
        let usual = try delay(nil)
        #expect(try delay(.zero) == usual)
        #expect(try delay(usual + .seconds(1)) == usual + .seconds(1))
        #expect(decision(attempt: 3).event(for: .failed(error, retryAfter: .seconds(1)), toldToEnd: nil) == .failed(error))
    }

    @Test func aTimeoutIsTriedAgainUnlessItIsTheCustomersFault() {
        let platform = decision().event(for: .stopped, toldToEnd: .timedOut)
        #expect(platform?.kind == .retrying)
        let customer = decision(blame: BlameTable(timeout: .customer)).event(for: .stopped, toldToEnd: .timedOut)
        guard case .failed(let error, _)? = customer else {
            Issue.record("it led to \(String(describing: customer))")
            return
        }
        #expect(error.attribution == .customer)
    }

    @Test(
        "The message names the timeout in whole units",
        arguments: [
            (Duration.seconds(7_200), "2 h"), (.seconds(1_800), "30 min"), (.seconds(61), "61 s"),
            (.milliseconds(1_500), "1500 ms"),
        ])
    func timeoutWords(timeout: Duration, words: String) {
        let call = TaskAction.http(HTTPCall(method: "GET", url: "http://localhost/"))
        let event = decision(attempt: 3, action: call, timeout: timeout).event(for: .stopped, toldToEnd: .timedOut)
        #expect(
            event
                == .failed(
                    RunError(
                        attribution: .platform, type: "weir.task.http/timeout",
                        message: "The task took longer than its timeout of \(words).")))
    }

    @Test func aStopIsReportedWhateverTheWorkSaid() {
        for outcome in [TaskOutcome.stopped, .succeeded(output), .failed(.scripted(.platform))] {
            #expect(decision().event(for: outcome, toldToEnd: .stopRequested) == .stopped)
        }
    }

    @Test func aLostLeaseLeavesNothingToReport() {
        for outcome in [TaskOutcome.stopped, .succeeded(output), .failed(.scripted(.platform))] {
            #expect(decision().event(for: outcome, toldToEnd: .leaseLost) == nil)
        }
    }

    @Test("A shutdown counts only for work that did not end by itself")
    func shutdown() {
        #expect(decision().event(for: .succeeded(output), toldToEnd: .shutDown) == .succeeded(output))
        #expect(
            decision().event(for: .failed(.scripted(.customer)), toldToEnd: .shutDown) == .failed(.scripted(.customer)))
        let event = decision().event(for: .stopped, toldToEnd: .shutDown)
        guard case .retrying(let error, let instant, _)? = event else {
            Issue.record("it led to \(String(describing: event))")
            return
        }
        #expect(error.type == "weir.worker/lost")
        #expect(error.attribution == .platform)
        #expect(instant == now + .milliseconds(2_500))
    }

    @Test func aLostWorkerIsNeverTheCustomersFault() {
        let lost = RunError.workerLost("gone")
        #expect(decision(attempt: 3).eventAfterLosingWorker("gone") == .failed(lost))
        #expect(decision(attempt: 1).eventAfterLosingWorker("gone") == .retrying(lost, at: now + .milliseconds(2_500)))
    }

    @Test func aTaskWithoutADefinitionIsNotTriedAgain() {
        let decision = AttemptDecision(attempt: 1, definition: nil, now: now, random: 0)
        #expect(decision.eventAfterLosingWorker("gone") == .failed(.workerLost("gone")))
    }

    @Test("A lost lease takes precedence over a stop, a stop over other reasons, and among those the first one")
    func reasons() {
        for reason in EndReason.allCases {
            #expect(reason.after(nil) == reason)
            #expect(reason.after(.leaseLost) == .leaseLost)
            #expect(EndReason.leaseLost.after(reason) == .leaseLost)
        }
        for reason in [EndReason.shutDown, .timedOut, .stopRequested] {
            #expect(reason.after(.stopRequested) == .stopRequested)
            #expect(EndReason.stopRequested.after(reason) == .stopRequested)
        }
        #expect(EndReason.timedOut.after(.shutDown) == .shutDown)
        #expect(EndReason.shutDown.after(.timedOut) == .timedOut)
    }
}
