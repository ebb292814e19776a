public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/runs`.
public struct StartRequest: Hashable, Sendable {
    public static let members = ["config_id", "range_from", "range_to", "run_mode"]

    public var configuration: String
    public var range: TimeWindow?
    /// nil for the configuration's own.
    public var runMode: RunMode?

    public init(configuration: String, range: TimeWindow? = nil, runMode: RunMode? = nil) {
        self.configuration = configuration
        self.range = range
        self.runMode = runMode
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("config_id", configuration)
                json.member("range_from", range?.from)
                json.member("range_to", range?.to)
                json.member("run_mode", runMode?.rawValue)
            }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with config_id.") }
        var configuration: String?
        var from: Timestamp?
        var to: Timestamp?
        var mode: RunMode?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "config_id": configuration = try reader.string()
                    case "range_from": from = try reader.timestamp()
                    case "range_to": to = try reader.timestamp()
                    case "run_mode": mode = try reader.runMode()
                    default: throw JSONProblem("is not known; accepted are \(Self.members.joined(separator: ", "))")
                    }
                }
            }
        } catch {
            throw .invalid(error.path.isEmpty ? "The body \(error.message)." : "The body's \(error.path) \(error.message).")
        }
        guard let configuration, !configuration.isEmpty else {
            throw .invalid("The body's config_id is missing or empty; it names the configuration to run.")
        }
        self.init(configuration: configuration, range: try Self.range(from: from, to: to), runMode: mode)
    }

    /// A start without an end means that one day.
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

extension JSONReader {
    mutating func runMode() throws -> RunMode {
        let text = try string()
        guard let mode = RunMode(rawValue: text) else {
            let accepted = RunMode.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONProblem("is \(text.quoted); accepted are \(accepted)")
        }
        return mode
    }
}
