/// Reads the `http` member of a task.
struct HTTPCallReader {
    private let complaints: Complaints

    init(_ complaints: Complaints) {
        self.complaints = complaints
    }

    private static let names = ["method", "url", "headers", "expect", "body", "json"]
    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    func call(_ node: SourceNode, _ task: MemberReader) -> HTTPCall? {
        guard
            let members = MemberReader(
                node, place: "\(task.place), `http`", accepting: Self.names,
                example: "{method: POST, url: \"https://shop.example/hook\"}", complaints)
        else { return nil }
        let method = method(members)
        let url = url(members)
        let headers = headers(members)
        let expect = expect(members)
        let body = body(members, method: method)
        guard let method, let url else { return nil }
        return HTTPCall(method: method, url: url, headers: headers, expect: expect, body: body)
    }

    private func method(_ members: MemberReader) -> String? {
        guard members.has("method") else { return "GET" }
        let accepted = Self.methods.listed(before: "or")
        guard let node = members.node("method"), let text = members.text(of: node, "method", accepted) else { return nil }
        guard Self.methods.contains(text) else {
            let isInCapitals = text == text.uppercased()
            members.complain(node, "`method` must be \(accepted)\(isInCapitals ? "" : ", in capitals"), not \(text.quoted)")
            return nil
        }
        return text
    }

    private func url(_ members: MemberReader) -> String? {
        let accepted = "an address such as `https://shop.example/hook`"
        guard let node = members.require("url", accepted), let text = members.text(of: node, "url", accepted) else { return nil }
        if let fault = URLFault(of: text) {
            members.complain(node, "`url` must be \(accepted), but \(text.quoted) \(fault.sentence)")
            return nil
        }
        return text
    }

    private func headers(_ members: MemberReader) -> [HTTPCall.Header] {
        guard let node = members.node("headers") else { return [] }
        guard case .mapping(let entries) = node.content else {
            members.complain(node, "`headers` must be a mapping such as `{x-source: weir}`, not \(node.kind)")
            return []
        }
        if entries.count > ConfigurationLimits.headers {
            members.complain(node, "`headers` may have \(ConfigurationLimits.headers) at most, not \(entries.count)")
        }
        var lines: [String: Int] = [:]
        return entries.compactMap { entry in
            if let first = lines[entry.name.lowercased()] {
                members.complain(entry.line, "the header \(entry.name.quoted) is already there in line \(first)")
            }
            lines[entry.name.lowercased()] = lines[entry.name.lowercased()] ?? entry.line
            return header(entry, members)
        }
    }

    private func header(_ entry: SourceNode.Entry, _ members: MemberReader) -> HTTPCall.Header? {
        guard !entry.name.isEmpty, entry.name.utf8.allSatisfy({ $0.isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }) else {
            members.complain(
                entry.line, "\(entry.name.quoted) is no name of a header; it has letters, digits and `-`")
            return nil
        }
        guard !["content-length", "transfer-encoding", "connection", "host"].contains(entry.name.lowercased()) else {
            members.complain(entry.line, "the header \(entry.name.quoted) is set by the service itself; leave it out")
            return nil
        }
        guard let value = members.text(of: entry.value, "headers", "a mapping of texts") else { return nil }
        guard value.unicodeScalars.allSatisfy({ !$0.isControl || $0 == "\t" }), value.utf8.count <= ConfigurationLimits.headerBytes
        else {
            members.complain(
                entry.value,
                "the value of the header \(entry.name.quoted) must be one line of \(ConfigurationLimits.headerBytes) bytes at most")
            return nil
        }
        return HTTPCall.Header(name: entry.name, value: value)
    }

    /// A status or a list of them.
    private func expect(_ members: MemberReader) -> Set<Int> {
        guard let node = members.node("expect") else { return Set(200...299) }
        guard case .list(let items) = node.content else {
            return members.whole(node, "expect", in: 100...599).map { [$0] } ?? []
        }
        if items.isEmpty { members.complain(node, "`expect` must be a status or a list of statuses, not an empty list") }
        return Set(items.compactMap { members.whole($0, "expect", in: 100...599) })
    }

    /// `body` is text as it is, `json` any value; without both, what may carry a body carries the task's inputs.
    private func body(_ members: MemberReader, method: String?) -> HTTPCall.Body {
        let carriesBody = ["POST", "PUT", "PATCH"].contains(method)
        if members.has("body"), members.has("json") {
            members.complain(members.line, "it has `body` and `json`; a call has one of them, or neither")
            return .none
        }
        for name in ["body", "json"] {
            if members.has(name), let method, !carriesBody, method != "DELETE" {
                members.complain(members.line, "a \(method) call takes no \(name.quoted); POST, PUT, PATCH and DELETE do")
                return .none
            }
        }
        if let node = members.node("body") {
            return members.text(of: node, "body", "a text (`json` takes other values)").map(HTTPCall.Body.text) ?? .none
        }
        // `json: null` sends null.
        if let node = members.value("json") { return .json(node.json) }
        return carriesBody ? .inputs : .none
    }
}

/// Why a text is no address that a task may call.
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
        case .host: "names no host"
        case .port: "has a port that is no number from 1 to 65535"
        case .user: "has a user in it; send an `authorization` header instead"
        case .characters: "has characters that must be written as `%` and two hexadecimal digits"
        case .length: "is longer than \(ConfigurationLimits.urlBytes) bytes"
        }
    }

    /// - Returns: nil for an absolute http or https address with a host (RFC 3986, section 3).
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

    /// A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
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
