public import NIOCore
public import WorkflowModel

/// A start of a run: the body of `POST /api/workflow/runs`, or of `POST /api/workflow/configs/{id}/runs`, which also takes labels,
/// parameters and receivers to notify.
public struct StartRequest: Hashable, Sendable {
    /// Of ``RunEndpoints/start``.
    public static let members = ["config_id"] + rangeMembers + [APIVersion.parameterName]
    /// Of ``ConfigurationEndpoints/start``.
    public static let ownMembers = ["parameters", "labels", NotifiedReceivers.member] + rangeMembers
    private static let rangeMembers = ["range_from", "range_to", "run_mode"]

    public var configuration: String
    public var range: TimeWindow?
    /// nil for the configuration's own.
    public var runMode: RunMode?
    /// Added to those of the configuration.
    public var labels: RunLabels
    /// The values that do not have to be the defaults.
    public var parameters: RunParameters
    /// The names of the receivers to tell of the run's end.
    public var notify: [String]
    /// The API version that the body names. It must equal the one of the header and the query.
    public private(set) var apiVersion: String?

    public init(
        configuration: String, range: TimeWindow? = nil, runMode: RunMode? = nil, labels: RunLabels = RunLabels(),
        parameters: RunParameters = RunParameters(), notify: [String] = []
    ) {
        self.configuration = configuration
        self.range = range
        self.runMode = runMode
        self.labels = labels
        self.parameters = parameters
        self.notify = notify
    }

    /// Whether the body of ``RunEndpoints/start`` has room for all of it.
    public var isPlain: Bool { labels.isEmpty && parameters.isEmpty && notify.isEmpty }

    /// The body for ``RunEndpoints/start``, which takes no labels, no parameters and no receivers.
    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("config_id", configuration)
                json.rangeMembers(of: self)
            }
        }
    }

    /// The body for ``ConfigurationEndpoints/start``.
    public var ownDocument: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("parameters", parameters)
                json.member("labels", labels)
                json.notifiedReceivers(notify)
                json.rangeMembers(of: self)
            }
        }
    }

    /// Reads the body of ``RunEndpoints/start``.
    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with config_id.") }
        let read = try StartMembers(body: bytes, accepted: Self.members)
        guard let configuration = read.configuration, !configuration.isEmpty else {
            throw .invalid("The body's config_id is missing or empty; it names the configuration to run.")
        }
        self.init(configuration: configuration, range: try Self.range(from: read.from, to: read.to), runMode: read.runMode)
        apiVersion = read.apiVersion
    }

    /// Reads the body of ``ConfigurationEndpoints/start``.
    /// - Parameters:
    ///   - bytes: empty for a body that was left out.
    ///   - configuration: the one in the path.
    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8], of configuration: String) throws(APIError) {
        let read = bytes.isEmpty ? StartMembers() : try StartMembers(body: bytes, accepted: Self.ownMembers)
        self.init(
            configuration: configuration, range: try Self.range(from: read.from, to: read.to), runMode: read.runMode,
            labels: read.labels, parameters: read.parameters, notify: read.notify)
    }

    /// A range without an end is one day.
    public static func range(from: Timestamp?, to: Timestamp?) throws(APIError) -> TimeWindow? {
        guard let from else {
            if to != nil { throw .invalid("The body has range_to without range_from; send both, or range_from alone for one day.") }
            return nil
        }
        let end = to ?? min(from + .seconds(86_400), .latest)
        guard end >= from else {
            throw .invalid(
                "The body's range_to (\(end.iso8601)) is before its range_from (\(from.iso8601)); a range ends after it starts.")
        }
        return TimeWindow(from: from, to: end)
    }
}

extension JSONWriter {
    fileprivate mutating func rangeMembers(of start: StartRequest) {
        member("range_from", start.range?.from)
        member("range_to", start.range?.to)
        member("run_mode", start.runMode?.rawValue)
    }
}

/// The members of a start, before the check for missing ones.
private struct StartMembers {
    var configuration: String?
    var from: Timestamp?
    var to: Timestamp?
    var runMode: RunMode?
    var labels = RunLabels()
    var parameters = RunParameters()
    var notify: [String] = []
    var apiVersion: String?

    init() {}

    /// - Parameter accepted: the members that the endpoint takes.
    init(body bytes: [UInt8], accepted: [String]) throws(APIError) {
        var members = StartMembers()
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    guard accepted.containsExactly(name) else { throw JSONProblem.unknownMember(name, accepted: accepted) }
                    try members.take(name, from: &reader)
                }
            }
        } catch {
            throw APIError(body: error)
        }
        self = members
    }

    private mutating func take(_ member: String, from reader: inout JSONReader) throws {
        switch member {
        case "config_id": configuration = try reader.string()
        case "range_from": from = try reader.timestamp()
        case "range_to": to = try reader.timestamp()
        case "run_mode": runMode = try reader.choice()
        case "parameters": parameters = try reader.parameters()
        case "labels": labels = try reader.labels()
        case NotifiedReceivers.member: notify = try reader.notifiedReceivers()
        case APIVersion.parameterName: apiVersion = try reader.string()
        default: try reader.skip()
        }
    }
}
