import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Page tokens")
struct PageTokenTests {
    private let sealer = PageTokenSealer(secret: Array(0..<32))
    private let filter = RunFilter(created: TimeWindow(from: Samples.created), state: .failed, type: "courier.group/run")
    private let cursor = RunCursor(order: .created, time: Samples.created, id: RunID(rawValue: "wf-20240210-14574-6kyYdY"))

    @Test("open to what they were sealed with, with the same key in another process")
    func roundTrip() {
        let token = sealer.seal(cursor, filter: filter, tenant: Samples.acme)
        #expect(PageTokenSealer(secret: Array(0..<32)).open(token, filter: filter, tenant: Samples.acme) == cursor)
        #expect(token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "+") })
        let ended = RunFilter(ended: TimeWindow(to: Samples.ended))
        let other = RunCursor(order: .ended, time: Timestamp(milliseconds: -1), id: RunID(rawValue: "ü"))
        #expect(sealer.open(sealer.seal(other, filter: ended, tenant: Samples.acme), filter: ended, tenant: Samples.acme) == other)
    }

    @Test("do not open once any bit of them was altered")
    func tampering() throws {
        let token = sealer.seal(cursor, filter: filter, tenant: Samples.acme)
        let bytes = try #require(Base64URL.decode(token))
        for index in bytes.indices {
            for bit in 0..<8 {
                var altered = bytes
                altered[index] ^= 1 << bit
                #expect(sealer.open(Base64URL.encode(altered), filter: filter, tenant: Samples.acme) == nil)
            }
        }
        for length in 0..<bytes.count {
            #expect(sealer.open(Base64URL.encode(bytes[..<length]), filter: filter, tenant: Samples.acme) == nil)
        }
        #expect(sealer.open(token + "A", filter: filter, tenant: Samples.acme) == nil)
        #expect(sealer.open(token + "=", filter: filter, tenant: Samples.acme) == nil)
    }

    @Test("do not open with another spelling of the same bytes")
    func canonical() {
        let token = sealer.seal(cursor, filter: filter, tenant: Samples.acme)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for character in alphabet where character != token.last {
            #expect(sealer.open(token.dropLast() + String(character), filter: filter, tenant: Samples.acme) == nil)
        }
    }

    @Test("belong to their tenant, their filters and their key")
    func binding() {
        let token = sealer.seal(cursor, filter: filter, tenant: Samples.acme)
        #expect(sealer.open(token, filter: filter, tenant: Samples.other) == nil)
        #expect(PageTokenSealer(secret: Array(1...32)).open(token, filter: filter, tenant: Samples.acme) == nil)
        var others: [RunFilter] = []
        for change: (inout RunFilter) -> Void in [
            { $0.created = nil }, { $0.created?.from = Samples.ended }, { $0.created?.to = Samples.ended },
            { $0.ended = TimeWindow(from: Samples.created) }, { $0.state = nil }, { $0.state = .canceled }, { $0.type = nil },
            { $0.type = "" }, { $0.type = "courier.group/ru" },
        ] {
            var other = filter
            change(&other)
            others.append(other)
        }
        for other in others { #expect(sealer.open(token, filter: other, tenant: Samples.acme) == nil) }
        #expect(sealer.open("", filter: filter, tenant: Samples.acme) == nil)
    }

    @Test("Base64URL reads what it writes and nothing else")
    func base64() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        for text in ["A", "-_9", "+/8", "AA==", "A A", "Ä", "AAAAA"] { #expect(Base64URL.decode(text) == nil, "\(text)") }
    }
}
