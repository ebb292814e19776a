public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/runs/{id}/tasks/{task}/resolve`.
public struct ResolveRequest: Hashable, Sendable {
    public static let members = ["resolution", "outputs", "reason", "version"]

    public var resolution: Resolution
    /// nil for none.
    public var outputs: JSONText?
    /// nil for none.
    @Exact public var reason: String?
    /// Of a rerun.
    public var version: RerunVersion

    public init(
        _ resolution: Resolution, outputs: JSONText? = nil, reason: String? = nil, version: RerunVersion = .current
    ) {
        self.resolution = resolution
        self.outputs = outputs
        self.reason = reason
        self.version = version
    }

    public var document: ByteBuffer {
        JSONWriter.document(capacity: 256 + (outputs?.text.utf8.count ?? 0)) { json in
            json.object { json in
                json.member("resolution", resolution.rawValue)
                if let outputs {
                    json.name("outputs")
                    json.json(outputs)
                }
                json.member("reason", reason)
                json.member("version", version.rawValue)
            }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        let accepted = Resolution.allCases.map(\.rawValue).joined(separator: ", ")
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with resolution.") }
        var resolution: Resolution?
        var outputs: JSONText?
        var reason: String?
        var version = RerunVersion.current
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "resolution": resolution = try reader.choice()
                    case "outputs": outputs = try reader.optional { try $0.json() }
                    case "reason": reason = try reader.optional { try $0.string() }
                    case "version": version = try reader.choice()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let resolution else { throw .invalid("The body's resolution is missing. Accepted: \(accepted).") }
        try self.init(checking: resolution, outputs: outputs.map { Array($0.text.utf8) }, reason: reason, version: version)
    }

    /// - Parameter outputs: as they were written; nil for none.
    /// - Throws: ``APIError`` (400) for outputs or a reason that are not accepted.
    public init(
        checking resolution: Resolution, outputs: [UInt8]?, reason: String?, version: RerunVersion = .current
    ) throws(APIError) {
        self.init(resolution, reason: reason, version: version)
        if let outputs {
            guard resolution.takesOutputs else {
                throw .invalid("The resolution \(resolution.rawValue) takes no outputs. Leave them out, or use skip or succeed.")
            }
            guard let read = ResolvedOutputs.read(outputs) else {
                throw .invalid("The outputs are not accepted. Accepted: \(ResolvedOutputs.words).")
            }
            self.outputs = read
        }
        if let problem = reason.flatMap(ReasonRule.problem(with:)) { throw .invalid(problem) }
    }
}

extension APIError {
    /// Says why a task cannot be resolved: 404 for one that the run does not have, 409 otherwise.
    public init(_ refusal: ResolutionRefusal) {
        switch refusal {
        case .noSuchTask:
            self.init(.notFound, "This run has no task with that id.")
        case .hasEnded:
            self.init(.conflict, "The run has ended meanwhile. Try again: a new run will carry the decision.")
        case .isStopping:
            self.init(.conflict, "The run is stopping. Wait for its end; then a new run can carry the decision.")
        case .isHistory:
            self.init(.conflict, "The run is imported history, which this service does not execute.")
        case .needsEnd(let resolution):
            self.init(
                .conflict,
                "The run has not ended, so \(resolution.rawValue) does not apply. Stop the run, or use retry, skip or succeed.")
        case .doesNotApply(let label, let state):
            self.init(
                .conflict,
                "The task \(label.quoted) is \(state.state.label.lowercased()), so this resolution does not apply to it. "
                    + "See the resolutions that apply.")
        case .nothingFailed:
            self.init(.conflict, "No task of the run is failed.")
        case .tooMany:
            self.init(.conflict, "The run has \(RunResolution.most) decisions. It takes no more.")
        case .isCarriedBy(let run):
            self.init(
                .conflict, "The run \(run) carries a decision about this run already. Resolve its tasks, or wait for its end.")
        }
    }
}
