import Hummingbird
import WorkflowAPI
import WorkflowModel

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
        router.post("alert-receivers/:tenant/:name/rotate") { request, context in
            let (name, tenant) = try named(context)
            guard let secret = WebhookSecret.bytes(try await body(of: request) { try $0.secret() }) else {
                throw APIError.invalid("The secret is not one that signs.")
            }
            guard let made = try await administration.rotateReceiver(name, of: tenant, to: secret) else { throw noSuchReceiver }
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

    private static let noSuchReceiver = APIError(.notFound, "Receiver not found.")

    private static func named(_ context: BasicRequestContext) throws -> (name: String, tenant: Tenant) {
        guard let tenant = Tenant(try context.parameters.require("tenant")) else {
            throw APIError.invalid("A tenant has \(Tenant.rule).")
        }
        return (try context.parameters.require("name"), tenant)
    }
}
