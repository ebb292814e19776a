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
        let body = Array(try await call.body(upTo: Limits.startBody).readableBytesView)
        let start = try StartRequest(body: body)
        return try await service.startOnce(call, fingerprint: Array(SHA256.hash(data: body))) {
            try await plan(start, for: grant)
        }
    }

    private func plan(_ start: StartRequest, for grant: AccessGrant) async throws -> RunPlan {
        guard let version = try await service.store.configuration(start.configuration, of: grant.tenant) else {
            throw APIError.invalid("There is no configuration with the id \"\(start.configuration.prefix(128))\" (config_id).")
        }
        let configuration = try service.configurations.parsed(version)
        let request = RunRequest(principal: grant.key.principal, runMode: start.runMode, range: start.range)
        do {
            return try RunPlan(configuration, version: version, for: request, at: service.time.now, random: service.random)
        } catch {
            let usable = error.usable.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid(
                "The configuration has no task in the run_mode \(error.runMode.rawValue); it has some in \(usable).")
        }
    }
}

extension APIService {
    /// Starts a run; with an idempotency key once, however often it is asked for.
    ///
    /// - Parameters:
    ///   - fingerprint: what has to be the same when the key comes again; not asked for without one.
    ///   - plan: not asked for when the key started a run before.
    func startOnce(
        _ call: APICall, fingerprint: @autoclosure () -> [UInt8], _ plan: () async throws -> RunPlan
    ) async throws -> Response {
        let grant = try call.granted()
        let key = try call.headers[HeaderNames.idempotencyKey].map { value throws(APIError) in try IdempotencyHeader.read(value) }
        guard let key else { return answer(try await store.createRun(try await plan(), once: nil).details) }

        let once = IdempotencyKey(owner: grant.key.id, text: key, fingerprint: fingerprint())
        guard startsUnderWay.begin(once) else {
            throw APIError(
                .conflict, "A request with this \(IdempotencyHeader.name) is still being handled; try again shortly.",
                headers: [.retryAfter: "1"])
        }
        defer { startsUnderWay.end(once) }
        if let first = try await store.acceptedRun(once: once, of: grant.tenant, at: time.now) { return answer(first) }
        return answer(try await store.createRun(try await plan(), once: once).details)
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
