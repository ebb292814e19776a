import AlertDelivery
import HTTPTypes
import Hummingbird
import NIOCore
import WorkflowAPI
import WorkflowModel

/// What an operator does with the receivers of tenants.
protocol ReceiverAdministration: Sendable {
    /// By tenant and name; nil for those of all tenants.
    func receivers(of tenant: Tenant?) async throws -> [ReceiverAnswer]
    /// Makes a receiver. Its secret is shown once.
    /// - Parameter allowingPrivate: whether it may have any address; every attempt is checked by the service all the same.
    func createReceiver(_ order: ReceiverOrder, of tenant: Tenant, allowingPrivate: Bool) async throws -> ReceiverAnswer
    /// nil when there is no such receiver.
    func rotateReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer?
    func enableReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer?
    /// - Returns: whether there was one.
    func dropReceiver(_ name: String, of tenant: Tenant) async throws -> Bool
}

extension DirectAdministration {
    private func office(allowingPrivate: Bool = false) -> AlertOffice {
        AlertOffice(
            store: store, time: time, random: random,
            policy: AddressPolicy(allowed: allowingPrivate ? AddressRange.everything : []), lookup: SystemAddressLookup(time: time))
    }

    func receivers(of tenant: Tenant?) async throws -> [ReceiverAnswer] {
        guard let tenant else { return try await store.receiversOfAllTenants().map { ReceiverAnswer($0) } }
        return try await store.receivers(of: tenant).map { ReceiverAnswer($0) }
    }

    func createReceiver(_ order: ReceiverOrder, of tenant: Tenant, allowingPrivate: Bool) async throws -> ReceiverAnswer {
        try await office(allowingPrivate: allowingPrivate).create(order, of: tenant)
    }

    func rotateReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await office().rotate(name, of: tenant)
    }

    func enableReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await office().enable(name, of: tenant)
    }

    func dropReceiver(_ name: String, of tenant: Tenant) async throws -> Bool {
        try await office().drop(name, of: tenant)
    }
}

extension SocketAdministration {
    func receivers(of tenant: Tenant?) async throws -> [ReceiverAnswer] {
        let query = tenant.map { "?tenant=\($0.name)" } ?? ""
        return try ReceiverAnswer.list(json: try await send(.get, ControlPaths.receivers + query))
    }

    func createReceiver(_ order: ReceiverOrder, of tenant: Tenant, allowingPrivate: Bool) async throws -> ReceiverAnswer {
        let path = "\(ControlPaths.receivers)?tenant=\(tenant.name)\(allowingPrivate ? "&private=true" : "")"
        return try ReceiverAnswer(json: try await send(.post, path, body: Array(order.document.readableBytesView)))
    }

    func rotateReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await found(try await send(.post, ControlPaths.receiver(name, of: tenant) + "/rotate")).map {
            try ReceiverAnswer(json: $0)
        }
    }

    func enableReceiver(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await found(try await send(.post, ControlPaths.receiver(name, of: tenant) + "/enable")).map {
            try ReceiverAnswer(json: $0)
        }
    }

    func dropReceiver(_ name: String, of tenant: Tenant) async throws -> Bool {
        try await found(try await send(.delete, ControlPaths.receiver(name, of: tenant))) != nil
    }
}

extension ControlPaths {
    static let receivers = "/alert-receivers"

    static func receiver(_ name: String, of tenant: Tenant) -> String {
        "\(receivers)/\(tenant.name)/\(Paths.escaped(name))"
    }
}

extension ControlServer {
    static func addReceivers(to router: Router<BasicRequestContext>, _ administration: any StoreAdministration) {
        router.get("alert-receivers") { request, _ in
            list(try await administration.receivers(of: try tenant(of: request))) { $0.receiver($1.receiver) }
        }
        router.post("alert-receivers") { request, _ in
            guard let tenant = try Self.tenant(of: request) else { throw APIError.invalid("The tenant is missing.") }
            let order = try ReceiverOrder(body: Array(try await request.body.collect(upTo: 1 << 16).readableBytesView))
            let isPrivateAllowed = request.uri.queryParameters["private"] == "true"
            let made = try await administration.createReceiver(order, of: tenant, allowingPrivate: isPrivateAllowed)
            return answer { $0.receiver(made.receiver, secret: made.secret) }
        }
        router.post("alert-receivers/:tenant/:name/rotate") { _, context in
            let (name, tenant) = try named(context)
            guard let made = try await administration.rotateReceiver(name, of: tenant) else { throw noSuchReceiver }
            return answer { $0.receiver(made.receiver, secret: made.secret) }
        }
        router.post("alert-receivers/:tenant/:name/enable") { _, context in
            let (name, tenant) = try named(context)
            guard let enabled = try await administration.enableReceiver(name, of: tenant) else { throw noSuchReceiver }
            return answer { $0.receiver(enabled.receiver) }
        }
        router.delete("alert-receivers/:tenant/:name") { _, context in
            let (name, tenant) = try named(context)
            guard try await administration.dropReceiver(name, of: tenant) else { throw noSuchReceiver }
            return answer { $0.object { _ in } }
        }
    }

    private static let noSuchReceiver = APIError(.notFound, "There is no such receiver.")

    private static func named(_ context: BasicRequestContext) throws -> (name: String, tenant: Tenant) {
        guard let tenant = Tenant(try context.parameters.require("tenant")) else {
            throw APIError.invalid("A tenant has \(Tenant.rule).")
        }
        return (try context.parameters.require("name"), tenant)
    }
}
