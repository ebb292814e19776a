/// The address of a receiver in a canonical form, so that the check and the call cannot read it differently.
public struct ReceiverURL: Hashable, Sendable {
    public enum Scheme: String, Sendable {
        case http
        case https
    }

    public var scheme: Scheme
    /// In lower case; an IPv6 address has no brackets.
    public var host: String
    public var port: Int
    /// Path and query.
    public var target: String

    /// - Throws: ``ReceiverAddressProblem`` with the reason.
    public init(_ text: String) throws(ReceiverAddressProblem) {
        guard text.utf8.count <= AlertLimits.urlBytes else {
            throw ReceiverAddressProblem("The address must have at most \(AlertLimits.urlBytes) bytes.")
        }
        guard let end = text.firstRange(of: "://"), let scheme = Scheme(rawValue: text[..<end.lowerBound].lowercased()) else {
            throw ReceiverAddressProblem("The address must begin with https:// or http://.")
        }
        self.scheme = scheme
        let rest = text[end.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let target = String(rest.dropFirst(authority.count))
        guard !authority.contains("@") else {
            throw ReceiverAddressProblem("The address must not contain a user or a password.")
        }
        guard target.utf8.allSatisfy(Self.isTargetByte) else {
            throw ReceiverAddressProblem("The path of the address contains a fragment or characters that a URL cannot have.")
        }
        (host, port) = try Self.hostAndPort(String(authority), standardPort: scheme == .https ? 443 : 80)
        self.target = target.hasPrefix("/") ? target : "/" + target
    }

    private static func hostAndPort(_ authority: String, standardPort: Int) throws(ReceiverAddressProblem) -> (String, Int) {
        let host: String
        let rest: Substring
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            rest = authority[authority.index(after: end)...]
            guard host.contains(":"), NetworkAddress(host) != nil else {
                throw ReceiverAddressProblem("The text between the brackets is not an IPv6 address.")
            }
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<colon].lowercased()
            rest = authority[colon...]
            try checkName(host)
        }
        guard !rest.isEmpty else { return (host, standardPort) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port), String(port) == rest.dropFirst()
        else { throw ReceiverAddressProblem("The port of the address must be a number from 1 to 65535.") }
        return (host, port)
    }

    /// Some programs would read a name whose last part is a number as an IPv4 address.
    private static func checkName(_ host: String) throws(ReceiverAddressProblem) {
        guard NetworkAddress(host) == nil else { return }
        let isName =
            (1...253).contains(host.utf8.count)
            && host.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            }
        guard isName else {
            throw ReceiverAddressProblem("The host of the address must consist of letters, digits, hyphens and full stops.")
        }
        let last = host.split(separator: ".").last ?? ""
        let isNumber = last.isEmpty || last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !isNumber, !last.hasPrefix("0x") else {
            throw ReceiverAddressProblem("An IPv4 address must be four decimal numbers without leading zeros.")
        }
    }

    /// RFC 3986's unreserved and reserved characters and percent signs, except `#`, `[` and `]`.
    private static func isTargetByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~:/?@!$&'()*+,;=%".utf8.contains(byte)
        }
    }

    public var text: String {
        "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)\(target)"
    }
}

/// Why a receiver's address was rejected.
public struct ReceiverAddressProblem: Error, Hashable, Sendable {
    /// One sentence, safe to show to the author of the address.
    public var message: String

    public init(_ message: String) {
        self.message = message
    }
}
