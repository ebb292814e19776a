import HTTPTypes
public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/runs/{id}/rerun`, which may be left out.
public struct RerunRequest: Hashable, Sendable {
    public static let members = ["from", "version", NotifiedReceivers.member]

    /// nil for ``RerunStart/usual(for:)``.
    public var start: RerunStart?
    public var version: RerunVersion
    /// The names of the receivers to tell of the new run's end; none of the old run's are taken over.
    public var notify: [String]

    public init(from start: RerunStart? = nil, version: RerunVersion = .current, notify: [String] = []) {
        self.start = start
        self.version = version
        self.notify = notify
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("from", start?.rawValue)
                json.member("version", version.rawValue)
                json.notifiedReceivers(notify)
            }
        }
    }

    /// - Parameter bytes: empty for a body that was left out.
    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        var start: RerunStart?
        var version = RerunVersion.current
        var notify: [String] = []
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
                    case NotifiedReceivers.member: notify = try reader.notifiedReceivers()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        self.init(from: start, version: version, notify: notify)
    }
}

extension JSONReader {
    /// One of the words of an enumeration.
    mutating func choice<Choice: RawRepresentable & CaseIterable>() throws -> Choice where Choice.RawValue == String {
        let text = try string()
        guard let choice = Choice(rawValue: text) else {
            throw JSONProblem.unknownWord(text, accepted: Choice.allCases.map(\.rawValue))
        }
        return choice
    }
}

extension APIError {
    /// Seconds after which a run may have ended.
    private static let rerunRetry = 10

    /// Says why a run cannot be rerun.
    public init(_ refusal: RerunRefusal) {
        let message =
            switch refusal {
            case .hasNotEnded: "The run has not ended. Stop it, or wait for its end."
            case .isHistory: "The run is imported history. Only runs that were started from a configuration can be rerun."
            case .hasNoCurrentVersion:
                "The configuration of the run was deleted. Send \"version\": \"launched\" to use the version that the run was launched with."
            case .hasNoUsableVersion: "The version that the run was launched with can no longer be read. Use the current one."
            case .hasNotFailed:
                "The run succeeded, so there is no failure to continue from. Send \"from\": \"start\" to run all of it again."
            case .keepsEverything:
                "Every task of this version has succeeded already. Send \"from\": \"start\" to run all of them again."
            case .lacksTask(let label):
                "The task \(label.quoted) is not in this version of the configuration, or not in the run_mode of the run."
            case .lacksItems(let label):
                "The items of \(label.quoted) are not kept in this version of the configuration, because their list is made anew. Resolve the "
                    + "task itself, or use the other version."
            case .resolution: ""
            case .parameters(let refusal):
                "That version does not accept the parameters of the run. \(refusal.message) "
                    + "Send \"version\": \"launched\" to use the version that the run was launched with."
            case .hasNothingToRun(let problem):
                "That version has no task in the run_mode \(problem.runMode.rawValue) of the run. It has tasks in "
                    + problem.usable.map(\.rawValue).joined(separator: ", ") + "."
            }
        if case .resolution(let refusal) = refusal {
            self.init(refusal)
            return
        }
        self.init(.conflict, message, headers: refusal == .hasNotEnded ? [.retryAfter: String(Self.rerunRetry)] : [:])
    }
}
