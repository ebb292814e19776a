import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import WorkflowAPI
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Serves ``ControlPaths`` on the Unix socket of a data directory, for whoever may write the directory.
struct ControlServer: Service {
    /// Bytes of a batch of history at most; the program sends less than this at once.
    static let largestBody = 64 << 20

    let administration: any StoreAdministration
    let address: ControlAddress
    let logger: Logger
    let listening: Gate

    func run() async throws {
        // The socket is made with the rights that it keeps; making it first and narrowing it then would leave a moment in between.
        // Nothing else is started before it listens, so that no file of anybody else is made meanwhile.
        let usual = umask(0o177)
        // What goes wrong with a request is logged where it is answered. What the library says of a start that is given up
        // because something else failed would only stand before the reason.
        var quiet = logger
        quiet.logLevel = .critical
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .unixDomainSocket(path: address.path)),
            onServerRunning: { _ in
                umask(usual)
                listening.open()
            }, logger: quiet)
        do {
            try await application.run()
            address.removeFile()
        } catch {
            umask(usual)
            throw CommandFailure(
                .cannotCreate, "The socket \(ControlAddress.fileName) in the data directory cannot be made: it cannot be written.")
        }
    }

    private var router: Router<BasicRequestContext> {
        let router = Router()
        let administration = administration
        router.add(middleware: ControlErrors(logger: logger))
        router.post("keys") { request, _ in
            let order = try await Self.body(of: request) { try $0.keyOrder() }
            let made = try await administration.createKey(tenant: order.tenant, name: order.name, policy: order.policy)
            return Self.answer { $0.secret(made) }
        }
        router.get("keys") { request, _ in
            let keys = try await administration.keys(of: try Self.tenant(of: request))
            return Self.list(keys) { $0.key($1) }
        }
        router.post("keys/:id/rotate") { _, context in
            guard let made = try await administration.rotateKey(try context.parameters.require("id")) else {
                throw APIError(.notFound, "There is no such key.")
            }
            return Self.answer { $0.secret(made) }
        }
        router.delete("keys/:id") { request, context in
            let onlyDeposed = request.uri.queryParameters["deposed"] == "true"
            guard try await administration.dropKey(try context.parameters.require("id"), onlyDeposed: onlyDeposed) else {
                throw APIError(.notFound, "There is no such key.")
            }
            return Self.answer { $0.object { _ in } }
        }
        router.get("tenants") { _, _ in
            Self.list(try await administration.tenants()) { $0.tenant($1) }
        }
        router.put("tenants") { request, _ in
            try await administration.save(try await Self.body(of: request) { try $0.tenantSettings() })
            return Self.answer { $0.object { _ in } }
        }
        router.post("history") { request, _ in
            guard let tenant = try Self.tenant(of: request) else {
                throw APIError.invalid("The tenant is missing.")
            }
            let text = Array(try await request.body.collect(upTo: Self.largestBody).readableBytesView)
            let outcome = try await administration.importBatch(try await ImportBatch.reading(text, tenant: tenant), into: tenant)
            return Self.answer { $0.outcome(outcome) }
        }
        Self.addReceivers(to: router, administration)
        router.get("ended-runs") { request, _ in
            Self.list(try await administration.endedRuns(createdBefore: try Self.cutoff(of: request))) { $0.tenantRunCount($1) }
        }
        router.delete("ended-runs") { request, _ in
            let place = request.uri.queryParameters["from"].map { RetentionPlace(text: String($0)) }
            let step = try await administration.deleteEndedRuns(createdBefore: try Self.cutoff(of: request), from: place)
            return Self.answer { $0.retentionStep(step) }
        }
        router.post("check") { request, _ in
            let isRepairing = request.uri.queryParameters["repair"] == "true"
            return Self.list(try await administration.check(repairing: isRepairing)) { $0.finding($1) }
        }
        return router
    }

    private static func cutoff(of request: Request) throws -> Timestamp {
        guard let text = request.uri.queryParameters["created_before"], let milliseconds = Int64(text) else {
            throw APIError.invalid("The parameter created_before is missing, or no number of milliseconds.")
        }
        return Timestamp(milliseconds: milliseconds)
    }

    static func tenant(of request: Request) throws -> Tenant? {
        guard let name = request.uri.queryParameters["tenant"] else { return nil }
        guard let tenant = Tenant(String(name)) else { throw APIError.invalid("A tenant has \(Tenant.rule).") }
        return tenant
    }

    private static func body<Value>(
        of request: Request, _ value: (inout JSONReader) throws -> Value
    ) async throws -> Value {
        let bytes = Array(try await request.body.collect(upTo: 1 << 16).readableBytesView)
        do {
            return try JSONReader.read(bytes, value)
        } catch {
            throw APIError.invalid("The body \(error).")
        }
    }

    static func answer(_ write: (inout JSONWriter) -> Void) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: JSONWriter.document(write)))
    }

    static func list<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) -> Response {
        answer { json in
            json.object { json in
                json.name("data")
                json.array(of: elements, write)
            }
        }
    }
}

extension JSONReader {
    fileprivate mutating func keyOrder() throws -> (tenant: Tenant, name: String, policy: AccessPolicy) {
        var texts: [String: String] = [:]
        try object { reader, name in texts[name] = try reader.string() }
        guard let tenant = texts["tenant"].flatMap(Tenant.init), let name = texts["name"],
            let policy = texts["policy"].flatMap(AccessPolicy.init(rawValue:))
        else { throw JSONProblem("is not an order for a key: tenant, name and policy") }
        return (tenant, name, policy)
    }
}

/// Writes errors in the API's form, from its table.
private struct ControlErrors: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            return answer(error)
        } catch let error as StoreError {
            logger.error("store failed", metadata: ["reason": "\(error.message)"])
            return answer(APIError(error.code == .duplicate ? .conflict : .unavailable, error.message))
        } catch let error as HTTPError {
            return answer(APIError(APIError.Kind(status: error.status.code) ?? .failed, "The request is not one of this socket."))
        }
    }

    private func answer(_ error: APIError) -> Response {
        Response(
            status: error.status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: error.document(requestID: "control")))
    }
}
