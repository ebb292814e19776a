import HTTPTypes
import NIOCore
package import WorkflowAPI
package import WorkflowModel

/// The administration of alert receivers.
package protocol ReceiverAdministration: Sendable {
    /// The receivers of a tenant, or with nil of all tenants, by tenant and name.
    func receivers(of tenant: Tenant?) async throws -> [ReceiverAnswer]
    /// Creates a receiver. Its secret is shown once.
    /// - Parameter allowingPrivate: whether private addresses are accepted. The service checks the address of every attempt anyway.
    func createReceiver(_ order: ReceiverOrder, of tenant: Tenant, allowingPrivate: Bool) async throws -> ReceiverAnswer
    /// Gives a receiver a new secret. The caller shows the secret first.
    /// - Returns: nil when the receiver is not found.
    func rotateReceiver(_ name: String, of tenant: Tenant, to secret: [UInt8]) async throws -> ReceiverAnswer?
    /// - Returns: nil when the receiver is not found.
    func enableReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer?
    /// - Returns: false when the receiver is not found.
    func dropReceiver(_ name: String, of tenant: Tenant) async throws -> Bool
}

extension DirectAdministration {
    private func receivers(allowingPrivate: Bool = false) -> AlertReceivers {
        AlertReceivers(
            store: store, time: time, random: random,
            policy: AddressPolicy(allowed: allowingPrivate ? AddressRange.everything : []), lookup: lookup)
    }

    package func receivers(of tenant: Tenant?) async throws -> [ReceiverAnswer] {
        guard let tenant else { return try await store.receiversOfAllTenants().map { ReceiverAnswer($0) } }
        return try await store.receivers(of: tenant).map { ReceiverAnswer($0) }
    }

    package func createReceiver(_ order: ReceiverOrder, of tenant: Tenant, allowingPrivate: Bool) async throws -> ReceiverAnswer {
        try await receivers(allowingPrivate: allowingPrivate).create(order, of: tenant)
    }

    package func rotateReceiver(_ name: String, of tenant: Tenant, to secret: [UInt8]) async throws -> ReceiverAnswer? {
        try await receivers().rotate(name, of: tenant, to: secret)
    }

    package func enableReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await receivers().enable(name, of: tenant)
    }

    package func dropReceiver(_ name: String, of tenant: Tenant) async throws -> Bool {
        try await receivers().drop(name, of: tenant)
    }
}

extension SocketAdministration {
    package func receivers(of tenant: Tenant?) async throws -> [ReceiverAnswer] {
        let query = tenant.map { "?tenant=\($0.name)" } ?? ""
        return try ReceiverAnswer.list(json: try await send(.get, ControlPaths.receivers + query))
    }

    package func createReceiver(_ order: ReceiverOrder, of tenant: Tenant, allowingPrivate: Bool) async throws -> ReceiverAnswer {
        let path = "\(ControlPaths.receivers)?tenant=\(tenant.name)\(allowingPrivate ? "&private=true" : "")"
        return try ReceiverAnswer(json: try await send(.post, path, body: Array(order.document.readableBytesView)))
    }

    package func rotateReceiver(_ name: String, of tenant: Tenant, to secret: [UInt8]) async throws -> ReceiverAnswer? {
        let body = Self.body(secret: WebhookSecret.text(secret))
        return try await found(try await send(.post, ControlPaths.receiver(name, of: tenant) + "/rotate", body: body)).map {
            try ReceiverAnswer(json: $0)
        }
    }

    package func enableReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await found(try await send(.post, ControlPaths.receiver(name, of: tenant) + "/enable")).map {
            try ReceiverAnswer(json: $0)
        }
    }

    package func dropReceiver(_ name: String, of tenant: Tenant) async throws -> Bool {
        try await found(try await send(.delete, ControlPaths.receiver(name, of: tenant))) != nil
    }
}
