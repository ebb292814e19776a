public import NIOCore
public import WorkflowModel

/// What somebody wants a receiver to be: the body of the requests that make and change one.
public struct ReceiverOrder: Hashable, Sendable {
    public static let members = ["name", "kind", "url", "on", "attribution", "types", "configurations"]

    public var name: String
    public var kind: AlertReceiver.Kind
    public var url: String
    public var rule: AlertRule

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(name: String, kind: AlertReceiver.Kind = .webhook, url: String, rule: AlertRule) throws(APIError) {
        guard AlertReceiver.isName(name) else { throw .invalid("The name of a receiver has \(AlertReceiver.nameRule).") }
        for (member, list) in [("types", rule.types), ("configurations", rule.configurations)] {
            let lengths = 1...ConfigurationLimits.nameCharacters
            guard list.count <= AlertLimits.filters, list.allSatisfy({ lengths.contains($0.count) }) else {
                throw .invalid("\(member) are \(AlertLimits.filters) at most, of 1 to \(lengths.upperBound) characters each.")
            }
        }
        do throws(ReceiverAddressProblem) {
            _ = try ReceiverURL(url)
        } catch {
            throw .invalid(error.message)
        }
        self.name = name
        self.kind = kind
        self.url = url
        self.rule = rule
    }

    /// - Parameter name: the one in the path; nil where the body has it.
    /// - Throws: ``APIError`` (400)
    public init(body bytes: [UInt8], name path: String? = nil) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with name and url.") }
        var name = path
        var kind = AlertReceiver.Kind.webhook
        var url: String?
        var rule = AlertRule(events: [])
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, member in
                    switch member {
                    case "name" where path == nil: name = try reader.string()
                    case "kind": kind = try reader.word()
                    case "url": url = try reader.string()
                    case "on": rule.events = Set(try reader.array { try $0.word() })
                    case "attribution": rule.attribution = try reader.optional { try $0.word() }
                    case "types": rule.types = try reader.array { try $0.string() }
                    case "configurations": rule.configurations = try reader.array { try $0.string() }
                    default:
                        let accepted = Self.members.filter { path == nil || $0 != "name" }
                        throw JSONProblem("is not known; accepted are \(accepted.joined(separator: ", "))")
                    }
                }
            }
        } catch {
            throw .invalid(error.path.isEmpty ? "The body \(error.message)." : "The body's \(error.path) \(error.message).")
        }
        guard let name, let url else { throw .invalid("The body's \(name == nil ? "name" : "url") is missing.") }
        try self.init(name: name, kind: kind, url: url, rule: rule)
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in json.object { $0.members(of: self) } }
    }
}

extension JSONWriter {
    /// For whoever puts something beside them.
    public mutating func members(of order: ReceiverOrder) {
        member("name", order.name)
        member("kind", order.kind.rawValue)
        member("url", order.url)
        members(of: order.rule)
    }

    mutating func members(of rule: AlertRule) {
        name("on")
        array(of: AlertEvent.allCases.filter(rule.events.contains)) { $0.string($1.rawValue) }
        member("attribution", rule.attribution?.rawValue)
        if !rule.types.isEmpty {
            name("types")
            array(of: rule.types) { $0.string($1) }
        }
        if !rule.configurations.isEmpty {
            name("configurations")
            array(of: rule.configurations) { $0.string($1) }
        }
    }
}

extension JSONReader {
    /// One of the words of an enumeration.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>() throws -> Word {
        let text = try string()
        guard let word = Word(rawValue: text) else {
            let accepted = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONProblem("is \(text.quoted); accepted are \(accepted)")
        }
        return word
    }
}
