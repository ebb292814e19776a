/// Why a text is not a URL that a task can call.
enum URLFault {
    case scheme
    case host
    case port
    case user
    case characters
    case length

    var sentence: String {
        switch self {
        case .scheme: "does not begin with `http://` or `https://`"
        case .host: "has no host"
        case .port: "has a port that is not a number from 1 to 65535"
        case .user: "contains a user; send an `authorization` header instead"
        case .characters: "contains characters that must be written as `%` and two hexadecimal digits"
        case .length: "is longer than \(ConfigurationLimits.urlBytes) bytes"
        }
    }

    /// - Returns: nil for an absolute http or https URL with a host (RFC 3986, section 3).
    init?(of text: String) {
        guard text.utf8.count <= ConfigurationLimits.urlBytes else {
            self = .length
            return
        }
        let lowercased = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lowercased.hasPrefix) else {
            self = .scheme
            return
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            self = .characters
            return
        }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            self = .user
            return
        }
        self.init(authority: authority)
    }

    /// A name, an IPv4 address or an IPv6 address in brackets, with an optional port.
    private init?(authority: Substring) {
        var rest = authority
        if rest.hasPrefix("[") {
            let address = rest.dropFirst().prefix { $0 != "]" }
            rest = rest.dropFirst(address.count + 1)
            guard rest.hasPrefix("]"), !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                self = .host
                return
            }
            rest = rest.dropFirst()
        } else {
            let host = rest.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.allSatisfy({ $0.isLetterOrDigit || "-._~%!$&'()*+,;=".utf8.contains($0) }) else {
                self = .host
                return
            }
            rest = rest.dropFirst(host.count)
        }
        if rest.isEmpty || rest == ":" { return nil }
        guard rest.hasPrefix(":"), rest.dropFirst().utf8.allSatisfy(\.isDigit), let port = Int(rest.dropFirst()),
            (1...65_535).contains(port)
        else {
            self = .port
            return
        }
        return nil
    }
}
