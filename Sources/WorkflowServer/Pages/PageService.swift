import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The dependencies shared by the handlers of pages.
struct PageService: Sendable {
    let api: APIService
    let pages: Pages
    let sessions: Sessions
    let links: SignInLinks
    let signIns = SignInAllowance()
    let streams = StreamSlots()
    let looks = RecentLooks()

    init(_ api: APIService, links: SignInLinks) async throws {
        self.api = api
        self.links = links
        pages = try Pages()
        let secret = try await api.stores.tenants.serviceSecret(
            Sessions.secretName, orElse: api.random.bytes(Sessions.secretLength))
        sessions = Sessions(secret: secret)
    }

    var stores: ServerStores { api.stores }
    var now: Timestamp { api.time.now }

    var routes: [PageRoute] {
        SignInRoutes(service: self).routes + HistoryRoutes(service: self).routes + CompletionRoutes(service: self).routes
            + ExportPageRoutes(service: self).routes + ViewPageRoutes(service: self).routes + SecretPageRoutes(service: self).routes
            + RunPageRoutes(service: self).routes
            + NotePageRoutes(service: self).routes + ResolutionPageRoutes(service: self).routes
            + SubscriptionPageRoutes(service: self).routes
            + RerunPageRoutes(service: self).routes + ComparePageRoutes(service: self).routes
            + TaskPageRoutes(service: self).routes + LogRoutes(service: self).routes + ConfiguredRoutes(service: self).routes
            + WorkflowPageRoutes(service: self).routes + EditPageRoutes(service: self).routes
            + PausePageRoutes(service: self).routes + BulkPageRoutes(service: self).routes
            + AlertPageRoutes(service: self).routes + ReceiverPageRoutes(service: self).routes + KeyRoutes(service: self).routes
            + AuditPageRoutes(service: self).routes
            + PalettePageRoutes(service: self).routes + [assets]
    }

    /// Finds the visitor of a session cookie.
    /// - Returns: nil without a session, or when its key was dropped or rotated since.
    func visitor(of sealed: String?) async throws -> Visitor? {
        guard let sealed, sealed.utf8.count <= Limits.bearerToken, let session = sessions.open(sealed, at: now),
            let key = try await stores.keys.key(session.key, accepting: { $0.secretNumber == session.secretNumber }),
            key.secretNumber == session.secretNumber
        else { return nil }
        api.keyUses.note(key, at: now)
        return Visitor(
            key: key.id, name: key.name, tenant: key.tenant, policy: key.policy, formToken: sessions.formToken(for: session))
    }

    func actor(_ principal: Principal, from origin: AuditOrigin) -> AuditActor {
        AuditActor(principal, from: origin, time: api.time, random: api.random)
    }

    func newSession(for key: APIKey) -> String {
        let session = Session(
            key: key.id, secretNumber: key.secretNumber, expiresAt: now + api.settings.sessionLifetime,
            nonce: Base64URL.encode(api.random.bytes(18)))
        return sessions.seal(session)
    }

    /// The stylesheet, the scripts and the icon. Their address changes with their content, so that browsers cache them for ever.
    private var assets: PageRoute {
        PageRoute(.get, PageAddress.assets + "/{version}/{name}", .open) { call in
            guard call.pathValues.count == 2, call.pathValues[0] == pages.assets.version,
                let file = pages.assets.file(named: call.pathValues[1])
            else { throw APIError(.notFound, "There is no file at this address.") }
            return .asset(file, tag: "\"\(pages.assets.version)\"", for: call)
        }
    }
}
