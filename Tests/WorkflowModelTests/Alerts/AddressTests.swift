import Testing
import WorkflowModel

@Suite("Allowed addresses of receivers")
struct AddressTests {
    @Test(
        "An address of a special purpose is not public, however it is written",
        arguments: [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
            "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255",
            "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1",
            "::ffff:127.0.0.1", "::ffff:7f00:1", "::FFFF:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1",
            "::127.0.0.1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
            "3fff::1", "100::1", "5f00::1",
        ])
    func special(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(!address.isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.1.1.1", "128.0.0.1", "172.15.255.255",
        "172.32.0.0", "192.167.1.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00::1", "2003::1",
        "::ffff:1.1.1.1", "64:ff9b::8.8.8.8",
    ])
    func othersAre(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.isPublic)
    }

    @Test(arguments: [
        "", "1", "127.1", "127.0.1", "0177.0.0.1", "01.2.3.4", "0x7f.0.0.1", "2130706433", "1.2.3.4.5", "256.1.1.1", "1.2.3.-4",
        "1.2.3.4 ", "1..2.3", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::1", "::1.2.3",
        "::1.2.3.4:5", "fe80::1%eth0", "1:2:3:4:5:6:7::8:9", "[::1]",
    ])
    func whatIsNoAddressIsNone(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func aRangeHoldsWhatBeginsAlike() throws {
        let range = try #require(AddressRange("10.20.0.0/15"))
        for (text, isIn) in [("10.20.0.0", true), ("10.21.255.255", true), ("10.22.0.0", false), ("::1", false)] {
            let address = try #require(NetworkAddress(text))
            #expect(range.contains(address) == isIn, "\(text)")
        }
        let one = try #require(AddressRange("fd00::1"))
        let (same, next) = (try #require(NetworkAddress("fd00:0:0::1")), try #require(NetworkAddress("fd00::2")))
        #expect(one.contains(same) && !one.contains(next))
        #expect(AddressRange.everything.count == 2)
        for text in ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/", "::/129", "name/8", "/8"] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("https://ops.example/hook?x=1", "https://ops.example:443/hook?x=1"), ("HTTPS://Ops.Example", "https://ops.example:443/"),
        ("http://10.0.0.1:8080/a", "http://10.0.0.1:8080/a"), ("https://[2606:4700::1]/", "https://[2606:4700::1]:443/"),
        ("https://ops.example?x", "https://ops.example:443/?x"),
    ])
    func anAddressIsReadOneWay(text: String, read: String) throws {
        let url = try ReceiverURL(text)
        #expect(url.text == read)
        #expect(try ReceiverURL(url.text) == url)
    }

    @Test(arguments: [
        "", "ops.example", "ftp://ops.example", "https://", "https:///x", "https://user@ops.example/", "https://a:b@ops.example/",
        "https://ops.example@10.0.0.1/", "https://ops.example:0/", "https://ops.example:65536/", "https://ops.example:+80/",
        "https://ops.example:/", "https://ops.example/#part", "https://ops.example/a b", "https://ops.example/\\@10.0.0.1",
        "https://öps.example/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
        "https://ops.example.1/", "https://[127.0.0.1]/", "https://[::1/", "https://[::1]x/", "https://ops%2eexample/",
        "https://./", "https://" + String(repeating: "a", count: 3_000),
    ])
    func whatIsNoAddressOfAReceiverIsRefused(text: String) {
        #expect { try ReceiverURL(text) } throws: { !(($0 as? ReceiverAddressProblem)?.message.isEmpty ?? true) }
    }

    struct Names: AddressLookup {
        var known: [String: [String]] = [:]

        func addresses(of host: String) async throws -> [NetworkAddress] {
            guard let known = known[host] else { throw UnknownHost() }
            return known.compactMap { NetworkAddress($0) }
        }
    }

    @Test(
        "Every address of a name counts, and plain HTTP goes only where the operator allows",
        arguments: [
            ("https://public.example/", true, true), ("http://public.example/", false, false),
            ("https://mixed.example/", false, true), ("https://inside.example/", false, true),
            ("http://inside.example/", false, true), ("https://10.1.1.1/", false, true), ("http://10.1.1.1/", false, true),
            ("https://127.0.0.1/", false, false), ("https://empty.example/", false, false),
        ])
    func policy(text: String, isTaken: Bool, isTakenWhereAllowed: Bool) async throws {
        let names = Names(known: [
            "public.example": ["1.1.1.1", "2606:4700::1"], "mixed.example": ["1.1.1.1", "10.1.1.1"], "inside.example": ["10.1.1.1"],
            "empty.example": [],
        ])
        let range = try #require(AddressRange("10.0.0.0/8"))
        for (policy, expected) in [(AddressPolicy(), isTaken), (AddressPolicy(allowed: [range]), isTakenWhereAllowed)] {
            let url = try ReceiverURL(text)
            let addresses = try? await policy.checked(url, lookup: names)
            #expect((addresses != nil) == expected, "\(text)")
            if expected {
                try await policy.check(text, lookup: names)
            } else {
                await #expect(throws: ReceiverAddressProblem.self) { try await policy.check(text, lookup: names) }
            }
        }
        // The name does not resolve now; the sender resolves it again.
        try await AddressPolicy().check("https://later.example/", lookup: names)
    }
}
