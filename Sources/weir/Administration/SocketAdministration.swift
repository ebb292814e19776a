import HTTPTypes
import NIOCore
import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Administration of a store that another process owns: HTTP over its Unix socket.
struct SocketAdministration: StoreAdministration {
    /// A batch of history, or a check of much of it, may take its time on a slow disk.
    private static let timeout = Duration.seconds(600)

    let address: ControlAddress
    var transport: any ClientTransport = HTTPTransport()

    var isShared: Bool { true }

    func createKey(tenant: Tenant, name: String, policy: AccessPolicy) async throws -> KeyWithSecret {
        let body = JSONWriter.document { json in
            json.object { json in
                json.member("tenant", tenant.name)
                json.member("name", name)
                json.member("policy", policy.rawValue)
            }
        }
        let answer = try await send(.post, ControlPaths.keys, body: Array(body.readableBytesView))
        return try JSONReader.read(answer) { try $0.keyWithSecret() }
    }

    func keys(of tenant: Tenant?) async throws -> [KeyDescription] {
        let query = tenant.map { "?tenant=\($0.name)" } ?? ""
        return try JSONReader.list(try await send(.get, ControlPaths.keys + query)) { try $0.key() }
    }

    func rotateKey(_ id: String) async throws -> KeyWithSecret? {
        guard let answer = try await found(try await send(.post, ControlPaths.key(id) + "/rotate")) else { return nil }
        return try JSONReader.read(answer) { try $0.keyWithSecret() }
    }

    func dropKey(_ id: String, onlyDeposed: Bool) async throws -> Bool {
        try await found(try await send(.delete, ControlPaths.key(id) + (onlyDeposed ? "?deposed=true" : ""))) != nil
    }

    func tenants() async throws -> [TenantSettings] {
        try JSONReader.list(try await send(.get, ControlPaths.tenants)) { try $0.tenantSettings() }
    }

    func save(_ settings: TenantSettings) async throws {
        let body = JSONWriter.document { $0.tenant(settings) }
        _ = try await send(.put, ControlPaths.tenants, body: Array(body.readableBytesView))
    }

    func importBatch(_ batch: ImportBatch, into tenant: Tenant) async throws -> ImportOutcome {
        let answer = try await send(.post, ControlPaths.history + "?tenant=\(tenant.name)", body: batch.text)
        return try JSONReader.read(answer) { try $0.importOutcome() }
    }

    func endedRuns(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try JSONReader.list(try await send(.get, ControlPaths.endedRuns(cutoff))) { try $0.tenantRunCount() }
    }

    func deleteEndedRuns(createdBefore cutoff: Timestamp, from place: RetentionPlace?) async throws -> RetentionStep {
        let answer = try await send(.delete, ControlPaths.endedRuns(cutoff, from: place))
        return try JSONReader.read(answer) { try $0.retentionStep() }
    }

    func check(repairing isRepairing: Bool) async throws -> [StoreFinding] {
        let answer = try await send(.post, ControlPaths.check + (isRepairing ? "?repair=true" : ""))
        return try JSONReader.list(answer) { try $0.finding() }
    }

    func close() async throws {}

    /// - Returns: nil where the owner has no such thing.
    func found(_ answer: @autoclosure () async throws -> [UInt8]) async throws -> [UInt8]? {
        do {
            return try await answer()
        } catch let error as APIError where error.kind == .notFound {
            return nil
        }
    }

    func send(_ method: HTTPRequest.Method, _ path: String, body: [UInt8]? = nil) async throws -> [UInt8] {
        let request = ClientRequest(method, address.url + path, body: body, timeout: Self.timeout)
        let answer: ClientAnswer
        do {
            answer = try await transport.send(request)
        } catch  where error.code == .unreachable {
            throw ClientError(.unreachable, "The service that owns the data directory does not answer on its socket.")
        }
        if let refusal = APIError(status: answer.status, body: answer.body) { throw refusal }
        return answer.body
    }
}

/// The paths of the control socket.
enum ControlPaths {
    static let keys = "/keys"
    static let tenants = "/tenants"
    static let history = "/history"
    static let check = "/check"

    static let endedRuns = "/ended-runs"

    static func endedRuns(_ cutoff: Timestamp, from place: RetentionPlace? = nil) -> String {
        let from = place.map { "&from=\(Paths.escaped($0.text))" } ?? ""
        return "\(endedRuns)?created_before=\(cutoff.milliseconds)\(from)"
    }

    static func key(_ id: String) -> String {
        "\(keys)/\(Paths.escaped(id))"
    }
}
