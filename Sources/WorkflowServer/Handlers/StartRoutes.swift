import Crypto
import HTTPTypes
import Hummingbird
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Starting runs.
struct StartRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(.post, Paths.runs, .policy(.operator)) { call in try await start(call) }]
    }

    private func start(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        guard call.mediaType == "application/json" else {
            throw APIError(.unsupportedMediaType, "The body has to be application/json.")
        }
        let grant = try call.granted()
        let key = try call.headers[HeaderNames.idempotencyKey].map { value throws(APIError) in try IdempotencyHeader.read(value) }
        let body = try await call.body(upTo: Limits.startBody)
        let start = try StartRequest(body: Array(body.readableBytesView))
        guard let key else { return try await create(start, once: nil, for: grant) }

        let once = IdempotencyKey(
            owner: grant.key.id, text: key, fingerprint: Array(SHA256.hash(data: Array(body.readableBytesView))))
        guard service.startsUnderWay.begin(once) else {
            throw APIError(
                .conflict, "A request with this \(IdempotencyHeader.name) is still being handled; try again shortly.",
                headers: [.retryAfter: "1"])
        }
        defer { service.startsUnderWay.end(once) }
        if let first = try await service.store.acceptedRun(once: once, of: grant.tenant, at: service.time.now) {
            return answer(first)
        }
        return try await create(start, once: once, for: grant)
    }

    private func create(_ start: StartRequest, once key: IdempotencyKey?, for grant: AccessGrant) async throws -> Response {
        guard let version = try await service.store.configuration(start.configuration, of: grant.tenant) else {
            throw APIError.invalid("There is no configuration with the id \"\(start.configuration.prefix(128))\" (config_id).")
        }
        let configuration = try service.configurations.parsed(version)
        let request = RunRequest(principal: grant.key.principal, runMode: start.runMode, range: start.range)
        let plan: RunPlan
        do {
            plan = try RunPlan(configuration, version: version, for: request, at: service.time.now, random: service.random)
        } catch {
            let usable = error.usable.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid(
                "The configuration has no task in the run_mode \(error.runMode.rawValue); it has some in \(usable).")
        }
        return answer(try await service.store.createRun(plan, once: key).details)
    }

    /// The run as it was accepted, the first time and every time again.
    private func answer(_ accepted: WorkflowRunDetails) -> Response {
        .json(accepted.document(.verbose), status: .created, headers: [.location: Paths.run(accepted.run.id)])
    }
}

/// Idempotency keys whose requests are being handled by this process. Between processes the store decides.
final class StartsUnderWay: Sendable {
    private struct Key: Hashable {
        var owner: String
        var text: String
    }

    private let keys = Mutex<Set<Key>>([])

    /// - Returns: false when there is one already.
    func begin(_ key: IdempotencyKey) -> Bool {
        keys.withLock { $0.insert(Key(owner: key.owner, text: key.text)).inserted }
    }

    func end(_ key: IdempotencyKey) {
        keys.withLock { _ = $0.remove(Key(owner: key.owner, text: key.text)) }
    }
}
