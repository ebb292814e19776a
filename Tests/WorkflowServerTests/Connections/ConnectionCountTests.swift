import NIOCore
import Testing

@testable import WorkflowServer

@Suite("Limits on the number of connections")
struct ConnectionCountTests {
    private func address(_ text: String) throws -> ClientAddress? {
        ClientAddress(try SocketAddress(ipAddress: text, port: 1))
    }

    @Test func allOfThemAreLimited() throws {
        let count = ConnectionCount(ConnectionLimits(connections: 4, connectionsPerAddress: 4))
        let client = try address("192.0.2.1")
        for _ in 1...3 { #expect(count.begin(from: client) == .admitted) }
        #expect(!count.isCrowded)
        #expect(count.begin(from: client) == .admitted)
        #expect(count.isCrowded)
        // Half of the places for refusals are for clients that read the answer slowly.
        for _ in 1...ConnectionLimits.refusals / 2 { #expect(count.begin(from: client) == .refused) }
        #expect(count.begin(from: client) == .dropped)
        count.end(.dropped, from: client)
        count.end(.refused, from: client)
        #expect(count.begin(from: client) == .refused)
        count.end(.admitted, from: client)
        #expect(count.begin(from: client) == .admitted)
    }

    @Test func thoseOfOneAddressAreLimitedAndThoseOfThisMachineAreNot() throws {
        let count = ConnectionCount(ConnectionLimits(connections: 10, connectionsPerAddress: 2))
        let (one, other) = (try address("192.0.2.1"), try address("192.0.2.2"))
        for _ in 1...2 { #expect(count.begin(from: one) == .admitted) }
        #expect(count.begin(from: one) == .refused)
        #expect(count.begin(from: other) == .admitted)
        count.end(.admitted, from: one)
        #expect(count.begin(from: one) == .admitted)
        let proxy = try address("127.0.0.1")
        for _ in 1...7 { #expect(count.begin(from: proxy) == .admitted) }
        #expect(count.begin(from: proxy) == .refused)
    }

    @Test func anAddressOfIPv6IsItsNetwork() throws {
        #expect(try address("2001:db8::1") == address("2001:db8::ffff:2"))
        #expect(try address("2001:db8::1") != address("2001:db8:0:1::1"))
        #expect(try address("::ffff:192.0.2.1") == address("192.0.2.1"))
        #expect(try address("192.0.2.1") != address("192.0.2.2"))
        for exempt in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] { #expect(try address(exempt) == nil) }
        #expect(ClientAddress(nil) == nil)
    }

    @Test func halfOfAllMayComeFromOneAddressUnlessToldOtherwise() {
        #expect(ConnectionLimits().connections == 10_000)
        #expect(ConnectionLimits().connectionsPerAddress == 5_000)
        #expect(ConnectionLimits(connections: 1).connectionsPerAddress == 1)
    }

    @Test func bytesOfRequestsAreLimitedTogether() {
        let count = ConnectionCount(ConnectionLimits())
        #expect(count.take(bytes: ConnectionLimits.requestBytes))
        #expect(!count.take(bytes: 1))
        count.giveBack(bytes: 1)
        #expect(!count.take(bytes: 1))
        count.giveBack(bytes: ConnectionLimits.requestBytes)
        #expect(count.take(bytes: ConnectionLimits.requestBytes - 1))
    }
}
