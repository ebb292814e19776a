import HTTPTypes
import NIOCore
import WorkflowAPI
package import WorkflowClient
package import WorkflowModel

/// Administration of a store that another process owns: HTTP over its Unix socket.
package struct SocketAdministration: StoreAdministration {
    /// Long enough for a batch of history, or a check of a large store, on a slow disk.
    private static let timeout = Duration.seconds(600)

    private let address: ControlAddress
    private let transport: any ClientTransport

    package init(address: ControlAddress, transport: any ClientTransport = HTTPTransport()) {
        self.address = address
        self.transport = transport
    }

    package var isShared: Bool { true }

    package func createKey(tenant: Tenant, name: String, policy: AccessPolicy) async throws -> KeyWithSecret {
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

    package func keys(of tenant: Tenant?) async throws -> [KeyDescription] {
        let query = tenant.map { "?tenant=\($0.name)" } ?? ""
        return try JSONReader.list(try await send(.get, ControlPaths.keys + query)) { try $0.key() }
    }

    package func rotateKey(_ id: String, to secret: String) async throws -> KeyDescription? {
        let body = Self.body(secret: secret)
        guard let answer = try await found(try await send(.post, ControlPaths.key(id) + "/rotate", body: body)) else { return nil }
        return try JSONReader.read(answer) { try $0.key() }
    }

    static func body(secret: String) -> [UInt8] {
        Array(JSONWriter.document { json in json.object { $0.member("secret", secret) } }.readableBytesView)
    }

    package func dropKey(_ id: String, onlyPreviousSecret: Bool) async throws -> Bool {
        try await found(try await send(.delete, ControlPaths.key(id) + (onlyPreviousSecret ? "?previous=true" : ""))) != nil
    }

    package func tenants() async throws -> [TenantSettings] {
        try JSONReader.list(try await send(.get, ControlPaths.tenants)) { try $0.tenantSettings() }
    }

    package func save(_ settings: TenantSettings) async throws {
        let body = JSONWriter.document { $0.tenant(settings) }
        _ = try await send(.put, ControlPaths.tenants, body: Array(body.readableBytesView))
    }

    package func importBatch(_ batch: ImportBatch, into tenant: Tenant) async throws -> ImportOutcome {
        let answer = try await send(.post, ControlPaths.history + "?tenant=\(tenant.name)", body: batch.text)
        return try JSONReader.read(answer) { try $0.importOutcome() }
    }

    package func endedRuns(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try JSONReader.list(try await send(.get, ControlPaths.endedRuns(cutoff))) { try $0.tenantRunCount() }
    }

    package func deleteEndedRuns(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?, addingToStatistics isCounting: Bool
    ) async throws -> RetentionStep {
        let answer = try await send(.delete, ControlPaths.endedRuns(cutoff, from: place, addingToStatistics: isCounting))
        return try JSONReader.read(answer) { try $0.retentionStep() }
    }

    package func statistics(before day: Timestamp) async throws -> Int {
        try JSONReader.read(try await send(.get, ControlPaths.statistics(before: day))) { try $0.statisticCount() }
    }

    package func deleteStatistics(before day: Timestamp) async throws -> Int {
        try JSONReader.read(try await send(.delete, ControlPaths.statistics(before: day))) { try $0.statisticCount() }
    }

    package func check(repairing isRepairing: Bool) async throws -> [StoreFinding] {
        let answer = try await send(.post, ControlPaths.check + (isRepairing ? "?repair=true" : ""))
        return try JSONReader.list(answer) { try $0.finding() }
    }

    package func rekeySecrets() async throws -> RekeyReport {
        try JSONReader.read(try await send(.post, ControlPaths.rekeySecrets)) { try $0.rekeyReport() }
    }

    package func auditEventCount(happenedBefore cutoff: Timestamp) async throws -> Int {
        try JSONReader.read(try await send(.get, ControlPaths.auditEvents(cutoff))) { try $0.eventCount() }
    }

    package func deleteAuditEvents(happenedBefore cutoff: Timestamp) async throws -> Int {
        try JSONReader.read(try await send(.delete, ControlPaths.auditEvents(cutoff))) { try $0.eventCount() }
    }

    package func checkAudit() async throws -> [StoreFinding] {
        try JSONReader.list(try await send(.post, ControlPaths.checkAudit)) { try $0.finding() }
    }

    package func close() async throws {}

    /// - Returns: nil when the answer is 404.
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
