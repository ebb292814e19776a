public import NIOCore
public import WorkflowModel

/// The body of the requests that create and change a receiver.
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
            let lengths = 1...NameRule.bytes
            guard list.count <= AlertLimits.filters, list.allSatisfy({ lengths.contains($0.utf8.count) }) else {
                throw .invalid(
                    "Too many or too long \(member). Accepted: at most \(AlertLimits.filters), of 1 to \(lengths.upperBound) bytes each."
                )
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
                    case "kind": kind = try reader.choice()
                    case "url": url = try reader.string()
                    case "on": rule.events = Set(try reader.array { try $0.choice() })
                    case "attribution": rule.attribution = try reader.optional { try $0.choice() }
                    case "types": rule.types = try reader.array { try $0.string() }
                    case "configurations": rule.configurations = try reader.array { try $0.string() }
                    default:
                        let accepted = Self.members.filter { path == nil || $0 != "name" }
                        throw JSONProblem.unknownMember(member, accepted: accepted)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let name, let url else { throw .invalid("The body's \(name == nil ? "name" : "url") is missing.") }
        try self.init(name: name, kind: kind, url: url, rule: rule)
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in json.object { $0.members(of: self) } }
    }
}

extension JSONWriter {
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
