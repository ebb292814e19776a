import HTTPTypes
public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/runs/{id}/rerun`, which may be left out.
public struct RerunRequest: Hashable, Sendable {
    public static let members = ["from", "version"]

    /// nil for what is usual: see ``RerunStart/usual(for:)``.
    public var start: RerunStart?
    public var version: RerunVersion

    public init(from start: RerunStart? = nil, version: RerunVersion = .current) {
        self.start = start
        self.version = version
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("from", start?.rawValue)
                json.member("version", version.rawValue)
            }
        }
    }

    /// - Parameter bytes: empty for a body that was left out.
    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        var start: RerunStart?
        var version = RerunVersion.current
        guard !bytes.isEmpty else {
            self.init()
            return
        }
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "from": start = try reader.choice()
                    case "version": version = try reader.choice()
                    default: throw JSONProblem("is not known; accepted are \(Self.members.joined(separator: ", "))")
                    }
                }
            }
        } catch {
            throw .invalid(error.path.isEmpty ? "The body \(error.message)." : "The body's \(error.path) \(error.message).")
        }
        self.init(from: start, version: version)
    }
}

extension JSONReader {
    /// One of a few words.
    mutating func choice<Choice: RawRepresentable & CaseIterable>() throws -> Choice where Choice.RawValue == String {
        let text = try string()
        guard let choice = Choice(rawValue: text) else {
            let accepted = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONProblem("is \(text.quoted); accepted are \(accepted)")
        }
        return choice
    }
}

extension APIError {
    /// Seconds after which a run that goes on may have ended.
    private static let rerunRetry = 10

    /// What a client is told of a run that cannot be done over like that.
    public init(_ refusal: RerunRefusal) {
        let message =
            switch refusal {
            case .goesOn: "The run has not ended; stop it, or wait for its end."
            case .isHistory: "The run is imported history; only runs that were started from a configuration can be done over."
            case .hasNoCurrentVersion:
                "The configuration of the run is gone; \"version\": \"launched\" takes the version that the run was launched with."
            case .hasNoUsableVersion: "The version that the run was launched with can no longer be read; use the current one."
            case .hasNotFailed: "The run succeeded, so there is no failure to go on from; \"from\": \"start\" runs all of it again."
            case .keepsEverything:
                "All that this version has of the run has succeeded already; \"from\": \"start\" runs all of it again."
            case .hasNothingToRun(let problem):
                "That version has no task in the run_mode \(problem.runMode.rawValue) of the run; it has some in "
                    + problem.usable.map(\.rawValue).joined(separator: ", ") + "."
            }
        self.init(.conflict, message, headers: refusal == .goesOn ? [.retryAfter: String(Self.rerunRetry)] : [:])
    }
}
