import Hummingbird
import WorkflowAPI
package import WorkflowModel

extension ControlServer {
    static func addAudit(to router: Router<BasicRequestContext>, _ administration: any StoreAdministration) {
        router.get("audit-events") { request, _ in
            answer(try await administration.auditEventCount(happenedBefore: try cutoff(of: request, named: "happened_before")))
        }
        router.delete("audit-events") { request, _ in
            answer(try await administration.deleteAuditEvents(happenedBefore: try cutoff(of: request, named: "happened_before")))
        }
        router.post("check-audit") { _, _ in
            list(try await administration.checkAudit()) { $0.finding($1) }
        }
    }

    private static func answer(_ events: Int) -> Response {
        answer { json in json.object { $0.member("events", events) } }
    }
}

/// Lets the operator be the actor of every request on the socket: only the owner of the data directory can open it.
struct ControlActor: RouterMiddleware {
    func handle(
        _ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        try await AuditActor.operator(AuditActor.controlSocket).act { try await next(request, context) }
    }
}

extension AuditActor {
    package static let commandLine = "weir (command line)"
    package static let controlSocket = "weir (control socket)"

    /// The operator of the service, who needs no key.
    /// - Parameter way: how the operator reaches the store; takes the place of a user agent.
    package static func `operator`(
        _ way: String, time: any TimeSource = SystemTime(), random: any RandomSource = SystemRandom()
    ) -> AuditActor {
        AuditActor(.operator, from: AuditOrigin(userAgent: way), time: time, random: random)
    }
}

extension JSONReader {
    /// `{"events": …}`
    mutating func eventCount() throws -> Int {
        var events: Int?
        try object { reader, name in
            if name == "events" { events = try reader.integer() } else { try reader.skip() }
        }
        guard let events else { throw JSONProblem(path: "events", "is missing") }
        return events
    }
}
