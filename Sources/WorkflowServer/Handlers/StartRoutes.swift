import Crypto
import HTTPTypes
import Hummingbird
import Synchronization
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Starts runs.
struct StartRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(RunEndpoints.start) { call in try await start(call) },
            Route(ConfigurationEndpoints.start) { call in try await startConfiguration(call) },
        ]
    }

    private func start(_ call: APICall) async throws -> Response {
        let body = try await call.jsonBody(of: RunEndpoints.start)
        let order = try StartRequest(body: body)
        if let named = order.apiVersion {
            var version = call.version
            try version.add(named, from: "the body's \(APIVersion.parameterName)")
        }
        return try await start(
            order, for: call, fingerprint: Array(SHA256.hash(data: body)),
            orElse: .invalid(
                "There is no configuration with the id \"\(order.configuration.visible(upTo: 128))\" (config_id)."))
    }

    private func startConfiguration(_ call: APICall) async throws -> Response {
        let unknown = APIError(.notFound, "There is no configuration with that id.")
        guard let id = call.pathValues.first, APICall.isPossibleID(id) else { throw unknown }
        let body = try await call.jsonBody(of: ConfigurationEndpoints.start)
        let order = try StartRequest(body: body, of: id)
        return try await start(order, for: call, fingerprint: Self.fingerprint(of: body, startOf: id), orElse: unknown)
    }

    /// Not that of the same body for another configuration.
    private static func fingerprint(of body: [UInt8], startOf configuration: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("start \(configuration)\n".utf8))
        hash.update(data: body)
        return Array(hash.finalize())
    }

    /// - Parameter unknown: thrown when the tenant does not have the configuration.
    private func start(
        _ order: StartRequest, for call: APICall, fingerprint: @autoclosure () -> [UInt8],
        orElse unknown: @autoclosure () -> APIError
    ) async throws -> Response {
        let grant = try call.granted()
        let accepted = try await service.startOnce(call, fingerprint: fingerprint()) {
            guard let version = try await service.stores.configurations.configuration(order.configuration, of: grant.tenant) else {
                throw unknown()
            }
            try await service.checkNotified(order.notify, of: grant.tenant)
            var plan = try plan(order, version, by: grant.key.principal)
            plan.notifiedReceivers = order.notify
            return plan
        }
        return .accepted(accepted)
    }

    private func plan(_ order: StartRequest, _ version: ConfigurationVersion, by principal: Principal) throws -> RunPlan {
        let configuration = try service.configurations.parsed(version)
        let request = RunRequest(
            principal: principal, runMode: order.runMode, range: order.range, labels: order.labels, parameters: order.parameters)
        do {
            return try RunPlan(configuration, version: version, for: request, at: service.time.now, random: service.random)
        } catch {
            throw APIError(error)
        }
    }
}

extension APIService {
    /// Starts a run. With an idempotency key it starts once, however often the request is sent.
    ///
    /// - Parameters:
    ///   - fingerprint: has to be equal when the key is used again; evaluated only with a key.
    ///   - plan: called unless the key has started a run already.
    /// - Returns: the run as it was accepted, now or by the first request with the key.
    func startOnce(
        _ call: APICall, fingerprint: @autoclosure () -> [UInt8], _ plan: () async throws -> RunPlan
    ) async throws -> WorkflowRunDetails {
        let grant = try call.granted()
        let key = try call.headers[HeaderNames.idempotencyKey].map { value throws(APIError) in try IdempotencyHeader.read(value) }
        guard let key else { return try await stores.runs.createRun(try await plan(), once: nil).details }

        let once = IdempotencyKey(owner: grant.key.id, text: key, fingerprint: fingerprint())
        guard startsInProgress.begin(once) else {
            throw APIError(
                .conflict, "A request with this \(IdempotencyHeader.name) is still being handled. Try again shortly.",
                headers: [.retryAfter: "1"])
        }
        defer { startsInProgress.end(once) }
        if let first = try await stores.runs.acceptedRun(once: once, of: grant.tenant, at: time.now) { return first }
        return try await stores.runs.createRun(try await plan(), once: once).details
    }
}

extension Response {
    /// 201 with the run as it was accepted.
    static func accepted(_ accepted: WorkflowRunDetails) -> Response {
        .json(accepted.document(.verbose), status: .created, headers: [.location: Paths.run(accepted.run.id)])
    }
}

/// Idempotency keys of the requests that this process is handling. Between processes the store decides.
final class StartsInProgress: Sendable {
    private struct Key: Hashable {
        var owner: String
        var text: String
    }

    private let keys = Mutex<Set<Key>>([])

    /// - Returns: false when another request with the key is being handled.
    func begin(_ key: IdempotencyKey) -> Bool {
        keys.withLock { $0.insert(Key(owner: key.owner, text: key.text)).inserted }
    }

    func end(_ key: IdempotencyKey) {
        keys.withLock { _ = $0.remove(Key(owner: key.owner, text: key.text)) }
    }
}
