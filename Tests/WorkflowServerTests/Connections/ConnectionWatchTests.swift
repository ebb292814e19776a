import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing
import WorkflowTestKit

@testable import WorkflowServer

/// A connection with the handlers around the parser, and a clock that the test advances.
@Suite("A slow connection")
struct ConnectionWatchTests {
    private let channel = EmbeddedChannel()
    private let count: ConnectionCount

    init() throws {
        count = ConnectionCount(ConnectionLimits(connections: 2))
    }

    private func open() throws {
        let requestIDs = RequestIDs(random: SeededRandom(seed: 1))
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false)
        try channel.pipeline.syncOperations.addHandler(AroundTheParser(count: count, requestIDs: requestIDs))
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
    }

    private func send(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    private func answer(_ parts: HTTPServerResponsePart...) throws {
        for part in parts { try channel.writeOutbound(part) }
    }

    private static func ok(_ length: Int) -> HTTPServerResponsePart {
        .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": String(length)]))
    }

    /// All bytes sent so far.
    private func sent() throws -> String {
        var text = ""
        while let part = try channel.readOutbound(as: IOData.self) {
            if case .byteBuffer(let buffer) = part { text += String(buffer: buffer) }
        }
        return text
    }

    private func advance(_ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    /// Advances to the end of a time, and checks that the connection is closed then and not a second earlier.
    private func expectClosing(after seconds: Int64, sourceLocation: SourceLocation = #_sourceLocation) {
        advance(seconds - 1)
        #expect(channel.isActive, sourceLocation: sourceLocation)
        advance(1)
        #expect(!channel.isActive, sourceLocation: sourceLocation)
        #expect(!count.isCrowded, "its place is free again", sourceLocation: sourceLocation)
    }

    @Test func oneThatSaysNothingIsClosedAfterAMinute() throws {
        try open()
        expectClosing(after: 60)
    }

    @Test func headersThatDoNotEndAreWaitedForTwentySeconds() throws {
        try open()
        advance(30)
        try send("GET /healthz HTTP/1.1\r\n")
        for _ in 1...9 {
            advance(2)
            try send("x-a: b\r\n")
        }
        expectClosing(after: 2)
    }

    @Test func aBodyThatTricklesIsWaitedForTwentySeconds() throws {
        try open()
        try send("POST /api/v0/oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n")
        for _ in 1...10 {
            advance(1)
            try send("a")
        }
        // Ten bytes extended the deadline by some milliseconds.
        advance(10)
        #expect(channel.isActive)
        expectClosing(after: 1)
    }

    @Test func aBodyAtAModestPaceIsRead() throws {
        try open()
        try send("PUT /api/v0/configs/a HTTP/1.1\r\nHost: x\r\nContent-Length: \(200 * 2_048)\r\n\r\n")
        for _ in 1...200 {
            advance(1)
            try send(String(repeating: "a", count: 2_048))
        }
        var bytes = 0
        var hasEnded = false
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            if case .body(let buffer) = part { bytes += buffer.readableBytes }
            if case .end = part { hasEnded = true }
        }
        #expect(bytes == 200 * 2_048 && hasEnded)
    }

    @Test func aBodyHasFiveMinutesAtMost() throws {
        try open()
        try send("PUT /api/v0/configs/a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        for _ in 1...299 {
            advance(1)
            try send(String(repeating: "a", count: 2_048))
        }
        expectClosing(after: 1)
    }

    @Test func anAnswerMayTakeLongAndTheNextRequestHasItsTimeAfterIt() throws {
        try open()
        try send("GET /runs/live HTTP/1.1\r\nHost: x\r\n\r\n")
        advance(3_600)
        try answer(Self.ok(0), .end(nil))
        expectClosing(after: 60)
    }

    @Test func aConnectionWithoutRoomIsToldSoAndClosed() throws {
        for _ in 1...2 { #expect(count.begin(from: nil) == .admitted) }
        try open()
        let text = try sent()
        #expect(text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"), "\(text)")
        #expect(text.contains("\r\nConnection: close\r\n") && text.contains("\r\nRetry-After: 1\r\n"))
        #expect(text.contains(#"{"status":503,"message":"Too many connections are open. Try again shortly.","request_id":"req-"#))
        try? send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(!channel.isActive)
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
    }

    @Test func oneThatDoesNothingMakesRoomWhereItIsCrowded() throws {
        #expect(count.begin(from: nil) == .admitted)
        try open()
        advance(4)
        #expect(channel.isActive)
        advance(1)
        #expect(!channel.isActive)
    }

    @Test func aLargeRequestIsRefusedWhereTheOthersHoldTooMuchAndASmallOneIsNot() throws {
        #expect(count.take(bytes: ConnectionLimits.requestBytes))
        try open()
        try send("POST /api/workflow/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        try send(String(repeating: "a", count: ConnectionLimits.smallRequest - 100))
        #expect(try sent() == "")
        // The reader of the body learns that it is incomplete.
        #expect(throws: ChannelError.self) { try send(String(repeating: "a", count: 100)) }
        let text = try sent()
        #expect(text.hasPrefix("HTTP/1.1 503 ") && text.contains("Too many large requests are arriving at once"), "\(text)")
        #expect(throws: ChannelError.self) { try answer(Self.ok(0), .end(nil)) }
        #expect(try sent() == "", "there is one answer")
        // This kind of channel cannot close its output only. `ConnectionDeadlinesTests` tests the time that a client gets.
        #expect(!channel.isActive)
        #expect(!count.take(bytes: 1))
        count.giveBack(bytes: 1)
        #expect(count.take(bytes: 0), "the refused request holds nothing")
    }

    @Test func whatARequestHeldIsGivenBackWithItsAnswer() throws {
        try open()
        for _ in 1...3 {
            try send(
                "POST /api/workflow/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
                    + String(repeating: "a", count: 100_000))
            #expect(!count.take(bytes: ConnectionLimits.requestBytes))
            count.giveBack(bytes: ConnectionLimits.requestBytes)
            try answer(Self.ok(0), .end(nil))
            #expect(count.take(bytes: ConnectionLimits.requestBytes))
            count.giveBack(bytes: ConnectionLimits.requestBytes)
        }
    }

    @Test func aClientThatDoesNotReadIsClosedAfterAMinute() throws {
        try open()
        try send("GET /runs/live HTTP/1.1\r\nHost: x\r\n\r\n")
        // Not flushed: to the channel, as if the kernel accepted nothing.
        channel.pipeline.write(Self.ok(1_000), promise: nil)
        channel.pipeline.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(repeating: 1, count: 1_000))), promise: nil)
        // The first check sees it.
        advance(5)
        expectClosing(after: 60)
    }

    @Test func aShutdownWaitsTenSecondsForWhatIsUnderWay() throws {
        try open()
        try send("POST /api/v0/oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n")
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        expectClosing(after: 10)
    }

    @Test func aShutdownClosesWhatIsIdle() throws {
        try open()
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!channel.isActive)
    }
}
