import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// The dependencies that the handlers share.
struct APIService: Sendable {
    let stores: ServerStores
    let time: any TimeSource
    let random: any RandomSource
    let zones: any ScheduleZones
    let settings: ServerSettings
    let buckets: any RequestBuckets
    let logger: Logger
    let alertReceivers: AlertReceivers
    let receiverTests: ReceiverTests
    let views: SavedViews
    let pauses: WorkflowPauses
    let secrets: SecretVault
    let tokens: AccessTokens
    let pageTokens: PageTokenSealer
    let configurations = ConfigurationCache()
    let startsInProgress = StartsInProgress()
    let keyUses = KeyUses()
    let auditedRefusals = AuditedRefusals()
    let listAnswers = ListAnswers()
    let exports = ExportSlots()
    let rateLimits: RateLimits

    init(_ dependencies: ServerDependencies) async throws {
        stores = dependencies.stores
        time = dependencies.time
        random = dependencies.random
        zones = dependencies.zones
        settings = dependencies.settings
        buckets = dependencies.buckets
        logger = dependencies.logger
        alertReceivers = AlertReceivers(
            store: stores.alerts, time: dependencies.time, random: dependencies.random,
            policy: dependencies.settings.alertAddresses, lookup: dependencies.lookup)
        receiverTests = ReceiverTests(
            receivers: stores.alerts, audit: stores.audit, tester: dependencies.receiverTester)
        views = SavedViews(store: stores.views, time: dependencies.time)
        pauses = WorkflowPauses(store: stores.pauses, time: dependencies.time)
        secrets = dependencies.secrets
        rateLimits = RateLimits(
            tenants: stores.tenants, buckets: buckets, time: time, standard: settings.rateLimit)
        let signing = try await stores.tenants.serviceSecret(
            AccessTokens.secretName, orElse: random.bytes(AccessTokens.secretLength))
        tokens = await AccessTokens(secret: signing)
        let sealing = try await stores.tenants.serviceSecret(
            PageTokenSealer.secretName, orElse: random.bytes(PageTokenSealer.secretLength))
        pageTokens = PageTokenSealer(secret: sealing)
    }

    var bulkRequests: BulkRequests {
        BulkRequests(bulk: stores.bulk, lists: stores.lists, time: time, random: random)
    }

    var authenticator: Authenticator {
        Authenticator(tokens: tokens, keys: stores.keys, time: time, uses: keyUses)
    }

    /// Records what changes nothing in the store: a sign-in, an issued token, a refusal.
    func record(
        _ type: AuditEventType, about key: APIKey, by principal: Principal, from origin: AuditOrigin
    ) async throws {
        let actor = AuditActor(principal, from: origin, time: time, random: random)
        try await stores.audit.append([actor.event(type, AuditObject(key.id, name: key.name), of: key.tenant)])
    }

    /// Records that a client used a key's client id with a wrong secret, unless too many such refusals were recorded just now.
    func recordRefusal(_ type: AuditEventType, of key: APIKey, from origin: AuditOrigin) async throws {
        guard auditedRefusals.admit(key.id, at: time.now) else { return }
        try await record(type, about: key, by: key.principal, from: origin)
    }

    /// Every endpoint with its handler.
    var routes: [Route] {
        RunRoutes(service: self).routes + ExportRoutes(service: self).routes + ViewRoutes(service: self).routes
            + NoteRoutes(service: self).routes + ResolutionRoutes(service: self).routes
            + BulkRoutes(service: self).routes
            + StartRoutes(service: self).routes + RerunRoutes(service: self).routes + OutputRoutes(service: self).routes
            + ConfigurationRoutes(service: self).routes + ScheduleRoutes(service: self).routes
            + PauseRoutes(service: self).routes + AlertRoutes(service: self).routes + SubscriptionRoutes(service: self).routes
            + TickRoutes(service: self).routes + TriggerRoutes(service: self).routes + SecretRoutes(service: self).routes
            + TokenRoutes(service: self).routes
            + AuditRoutes(service: self).routes + HealthRoutes(service: self).routes
    }
}

/// The body of an answer and its entity tag.
struct TaggedDocument: Sendable {
    let body: ByteBuffer
    let tag: EntityTag

    init(_ body: ByteBuffer) {
        self.body = body
        tag = EntityTag(of: body)
    }
}

extension Response {
    /// - Parameter body: one JSON document.
    static func json(_ body: ByteBuffer, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    /// A document with its entity tag, or 304 when the client has it already (RFC 9110, section 13).
    static func tagged(_ body: ByteBuffer, type: String = "application/json", for call: APICall) -> Response {
        tagged(TaggedDocument(body), type: type, for: call)
    }

    static func tagged(_ document: TaggedDocument, type: String = "application/json", for call: APICall) -> Response {
        let tag = document.tag
        // An answer belongs to one tenant, and a cache has to revalidate it each time.
        let headers: HTTPFields = [.contentType: type, .eTag: tag.text, .cacheControl: "private, no-cache"]
        if let known = call.headers[.ifNoneMatch], tag.isNamed(byIfNoneMatch: known) {
            return .empty(.notModified, headers: [.eTag: tag.text, .cacheControl: "private, no-cache"])
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: document.body))
    }

    /// An answer without a body and without `Content-Length`.
    static func empty(_ status: HTTPResponse.Status, headers: HTTPFields = [:]) -> Response {
        var response = Response(status: status, headers: headers)
        response.headers[.contentLength] = nil
        return response
    }
}
