import NIOCore
import Testing

@testable import WorkflowServer

@Suite("Deadlines of a connection")
final class ConnectionDeadlinesTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var deadlines: ConnectionDeadlines

    init() {
        deadlines = ConnectionDeadlines(at: start)
    }

    /// Seconds from the start to the deadline.
    private func seconds(_ deadlines: ConnectionDeadlines, isCrowded: Bool = false) -> Int64? {
        deadlines.deadline(isCrowded: isCrowded).map { ($0 - start).nanoseconds / 1_000_000_000 }
    }

    private func isStalled(waiting: Int, sent: Int, at seconds: Int64) -> Bool {
        deadlines.isStalled(waiting: waiting, sent: sent, at: start + .seconds(seconds))
    }

    /// - Returns: whether a connection is closed at once.
    private func shutdownBegan(_ deadlines: inout ConnectionDeadlines, at seconds: Int64) -> Bool {
        deadlines.shutdownBegan(at: start + .seconds(seconds))
    }

    @Test func aSilentConnectionAndSlowHeadersHaveOneEach() {
        #expect(seconds(deadlines) == 60)
        #expect(seconds(deadlines, isCrowded: true) == 5)
        deadlines.bytesArrived(1, at: start + .seconds(30))
        #expect(seconds(deadlines) == 50)
        // Further bytes of the headers do not extend the deadline.
        deadlines.bytesArrived(1, at: start + .seconds(45))
        #expect(seconds(deadlines) == 50)
        #expect(seconds(deadlines, isCrowded: true) == 35)
    }

    @Test func aBodyGainsASecondWithEachKibibyteAndEndsAtItsTotal() {
        deadlines.bytesArrived(100, at: start)
        deadlines.headersEnded(at: start)
        #expect(seconds(deadlines) == 20)
        deadlines.bytesArrived(1_023, at: start)
        #expect(seconds(deadlines) == 20)
        deadlines.bytesArrived(1, at: start)
        #expect(seconds(deadlines) == 21)
        // A body that is arriving keeps its deadline when many connections are open.
        #expect(seconds(deadlines, isCrowded: true) == 21)
        deadlines.bytesArrived(278 * 1_024, at: start + .seconds(9))
        #expect(seconds(deadlines) == 299)
        deadlines.bytesArrived(1_048_576, at: start + .seconds(9))
        #expect(seconds(deadlines) == 300)
    }

    @Test func nothingWaitsForTheClientWhileItsAnswerIsMade() {
        deadlines.bytesArrived(100, at: start)
        deadlines.headersEnded(at: start)
        deadlines.requestEnded()
        #expect(seconds(deadlines) == nil)
        deadlines.bytesArrived(100, at: start + .seconds(5))
        #expect(seconds(deadlines, isCrowded: true) == nil)
        deadlines.answersEnded(at: start + .seconds(1_000))
        #expect(seconds(deadlines) == 1_060)
        deadlines.lastAnswerSent(at: start + .seconds(1_000))
        #expect(seconds(deadlines) == 1_005)
        // Further bytes do not extend the deadline.
        deadlines.bytesArrived(100, at: start + .seconds(1_004))
        #expect(seconds(deadlines) == 1_005)
    }

    @Test func aShutdownEndsWhatIsIdleAtOnceAndTheRestAfterTenSeconds() {
        var idle = deadlines
        let isIdleClosed = shutdownBegan(&idle, at: 0)
        var headers = deadlines
        headers.bytesArrived(1, at: start)
        let areHeadersClosed = shutdownBegan(&headers, at: 0)
        #expect(isIdleClosed && areHeadersClosed)
        deadlines.headersEnded(at: start)
        let isBodyClosed = shutdownBegan(&deadlines, at: 1)
        #expect(!isBodyClosed)
        #expect(seconds(deadlines) == 11)
        deadlines.requestEnded()
        let isAnswerClosed = shutdownBegan(&deadlines, at: 2)
        #expect(!isAnswerClosed)
        #expect(seconds(deadlines) == 11)
    }

    @Test func aClientHasToTakeSomethingOfItsAnswerEveryMinute() {
        #expect(!isStalled(waiting: 100_000, sent: 0, at: 0))
        #expect(!isStalled(waiting: 100_000, sent: 0, at: 59))
        #expect(!isStalled(waiting: 67_232, sent: 32_768, at: 60))
        #expect(!isStalled(waiting: 34_465, sent: 65_535, at: 119))
        #expect(isStalled(waiting: 34_465, sent: 65_535, at: 120))
    }

    @Test func aSmallAnswerHasToBeTakenWhole() {
        #expect(!isStalled(waiting: 10, sent: 0, at: 0))
        // A continuing stream: the client has read all that waited a minute ago.
        #expect(!isStalled(waiting: 10, sent: 10, at: 60))
        #expect(!isStalled(waiting: 0, sent: 20, at: 119))
        #expect(!isStalled(waiting: 10, sent: 20, at: 130))
        #expect(!isStalled(waiting: 30, sent: 20, at: 189))
        #expect(isStalled(waiting: 30, sent: 20, at: 190))
    }

    @Test func noDeadlineIsShorterThanTheTimeBetweenTwoChecks() {
        let all = [
            ConnectionLimits.idle, ConnectionLimits.headers, ConnectionLimits.body, ConnectionLimits.bodyStart,
            ConnectionLimits.stall, ConnectionLimits.whenCrowded, ConnectionLimits.linger, ConnectionLimits.shutdown,
        ]
        #expect(all.allSatisfy { $0 >= ConnectionLimits.check })
    }
}
