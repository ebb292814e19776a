public import NIOCore
public import WorkflowModel

/// The format of exported runs.
public enum RunExportFormat: String, CaseIterable, Sendable {
    /// A run in each line, in the form of lists, with its stop and its notes. `weir import` reads it.
    case ndjson
    /// Rows for spreadsheets (RFC 4180), with a header; see ``RunColumn``.
    case csv

    /// Without parameters.
    public var mediaType: String {
        switch self {
        case .ndjson: "application/x-ndjson"
        case .csv: "text/csv"
        }
    }

    /// The header `Content-Type`.
    public var contentType: String {
        switch self {
        case .ndjson: mediaType
        case .csv: mediaType + "; charset=utf-8; header=present"
        }
    }

    /// The format that a client wants.
    /// - Parameter accept: the header `Accept`; nil when the request does not have it, which is the same as an empty one.
    /// - Throws: ``APIError`` (406) when it accepts none of them.
    public init(accept: String?) throws(APIError) {
        let preferences = AcceptedTypes(accept.flatMap { $0.isEmpty ? nil : $0 } ?? "*/*")
        let best = Self.allCases.map { ($0, preferences.weight(of: $0.mediaType)) }.max {
            // The first of equal ones is the default.
            $0.1 < $1.1
        }
        guard let (format, weight) = best, weight > 0 else {
            let accepted = Self.allCases.map(\.mediaType).joined(separator: ", ")
            throw APIError(.notAcceptable, "The header Accept names no media type of an export. Accepted: \(accepted).")
        }
        self = format
    }

    /// The name of a file of exported runs.
    /// - Parameter instant: of the export.
    public func fileName(of tenant: Tenant, at instant: Timestamp) -> String {
        // Without colons, which some file systems refuse.
        let time = instant.iso8601.prefix(19).replacing(":", with: "").replacing("-", with: "")
        return "weir-runs-\(tenant.name)-\(time)Z.\(rawValue)"
    }

    /// Whether it has the stops and the notes of runs.
    public var hasAdditions: Bool { self == .ndjson }

    /// The bytes before the first run; nil for none.
    public var header: ByteBuffer? {
        switch self {
        case .ndjson: nil
        case .csv: RunColumn.header
        }
    }

    /// Some runs, each in its line.
    /// - Parameter additions: those of the runs.
    public func document(of runs: [WorkflowRun], with additions: RunExportAdditions = RunExportAdditions()) -> ByteBuffer {
        switch self {
        case .ndjson:
            JSONWriter.document(capacity: runs.count * WorkflowRun.typicalSize) { json in
                for run in runs {
                    json.run(run, stop: additions.stops[run.id], notes: additions.notes[run.id] ?? [])
                    json.endLine()
                }
            }
        case .csv: RunColumn.rows(of: runs)
        }
    }
}

/// Members that lines of an export have and lists do not.
public struct RunExportAdditions: Sendable {
    /// The requests that stopped runs.
    public var stops: [RunID: RunStop]
    public var notes: [RunID: [RunNote]]

    public init(stops: [RunID: RunStop] = [:], notes: [RunID: [RunNote]] = [:]) {
        self.stops = stops
        self.notes = notes
    }
}
