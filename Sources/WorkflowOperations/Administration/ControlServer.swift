import Hummingbird
package import Logging
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

/// Serves ``ControlPaths`` on the Unix socket of a data directory, for programs that may write the directory.
package struct ControlServer: Service {
    /// Bytes of a batch of history at most; the program sends less than this at once.
    static let largestBody = 64 << 20

    private let administration: any StoreAdministration
    private let address: ControlAddress
    private let cores: Int
    private let logger: Logger
    private let onListening: @Sendable () -> Void

    /// - Parameters:
    ///   - cores: how many threads parse a batch of history.
    ///   - onListening: called once the socket accepts requests.
    package init(
        administration: any StoreAdministration, address: ControlAddress, cores: Int, logger: Logger,
        onListening: @escaping @Sendable () -> Void
    ) {
        self.administration = administration
        self.address = address
        self.cores = cores
        self.logger = logger
        self.onListening = onListening
    }

    package func run() async throws {
        // The socket is created with its final permissions; narrowing them afterwards would leave it open for a moment.
        // No other part of the service starts before the socket listens, so no other file gets this mask.
        let usual = umask(0o177)
        // Errors of requests are logged where they are answered. Hummingbird's own message about a start that was abandoned
        // because of another error would stand before the reason.
        var quiet = logger
        quiet.logLevel = .critical
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .unixDomainSocket(path: address.path)),
            onServerRunning: { _ in
                umask(usual)
                onListening()
            }, logger: quiet)
        do {
            try await application.run()
            address.removeFile()
        } catch {
            umask(usual)
            throw OperationError(
                .socketNotCreated,
                "The socket \(ControlAddress.fileName) cannot be created in the data directory. Check that the directory is writable."
            )
        }
    }

    private var router: Router<BasicRequestContext> {
        let router = Router()
        let (administration, cores) = (administration, cores)
        router.add(middleware: ControlErrors(logger: logger))
        router.add(middleware: ControlActor())
        router.post("keys") { request, _ in
            let order = try await Self.body(of: request) { try $0.keyOrder() }
            let made = try await administration.createKey(tenant: order.tenant, name: order.name, policy: order.policy)
            return Self.answer { $0.secret(made) }
        }
        router.get("keys") { request, _ in
            let keys = try await administration.keys(of: try Self.tenant(of: request))
            return Self.list(keys) { $0.key($1) }
        }
        router.post("keys/:id/rotate") { request, context in
            let secret = try await Self.body(of: request) { try $0.secret() }
            guard let key = try await administration.rotateKey(try context.parameters.require("id"), to: secret) else {
                throw APIError(.notFound, "Key not found.")
            }
            return Self.answer { $0.key(key) }
        }
        router.delete("keys/:id") { request, context in
            let onlyPreviousSecret = request.uri.queryParameters["previous"] == "true"
            guard try await administration.dropKey(try context.parameters.require("id"), onlyPreviousSecret: onlyPreviousSecret)
            else {
                throw APIError(.notFound, "Key not found.")
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
            let outcome = try await administration.importBatch(
                try await ImportBatch.reading(text, tenant: tenant, cores: cores), into: tenant)
            return Self.answer { $0.outcome(outcome) }
        }
        Self.addReceivers(to: router, administration)
        router.get("ended-runs") { request, _ in
            Self.list(try await administration.endedRuns(createdBefore: try Self.cutoff(of: request))) { $0.tenantRunCount($1) }
        }
        router.delete("ended-runs") { request, _ in
            let place = request.uri.queryParameters["from"].map { RetentionPlace(text: String($0)) }
            let step = try await administration.deleteEndedRuns(
                createdBefore: try Self.cutoff(of: request), from: place,
                addingToStatistics: request.uri.queryParameters["statistics"] != "false")
            return Self.answer { $0.retentionStep(step) }
        }
        router.get("statistics") { request, _ in
            let found = try await administration.statistics(before: try Self.cutoff(of: request))
            return Self.answer { $0.statisticCount(found) }
        }
        router.delete("statistics") { request, _ in
            let deleted = try await administration.deleteStatistics(before: try Self.cutoff(of: request))
            return Self.answer { $0.statisticCount(deleted) }
        }
        Self.addAudit(to: router, administration)
        router.post("rekey-secrets") { _, _ in
            let report = try await administration.rekeySecrets()
            return Self.answer { $0.rekeyReport(report) }
        }
        router.post("check") { request, _ in
            let isRepairing = request.uri.queryParameters["repair"] == "true"
            return Self.list(try await administration.check(repairing: isRepairing)) { $0.finding($1) }
        }
        return router
    }

    static func cutoff(of request: Request, named name: String = "created_before") throws -> Timestamp {
        guard let text = request.uri.queryParameters[name[...]], let milliseconds = Int64(text) else {
            throw APIError.invalid("The parameter \(name) is missing, or no number of milliseconds.")
        }
        return Timestamp(milliseconds: milliseconds)
    }

    static func tenant(of request: Request) throws -> Tenant? {
        guard let name = request.uri.queryParameters["tenant"] else { return nil }
        guard let tenant = Tenant(String(name)) else { throw APIError.invalid("A tenant has \(Tenant.rule).") }
        return tenant
    }

    static func body<Value>(
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
