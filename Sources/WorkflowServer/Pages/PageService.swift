import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// What the handlers of pages share.
struct PageService: Sendable {
    let api: APIService
    let pages: Pages
    let sessions: Sessions
    let links: SignInLinks
    let signIns = SignInAllowance()
    let streams = StreamSlots()

    init(_ api: APIService, links: SignInLinks) async throws {
        self.api = api
        self.links = links
        pages = try Pages()
        let secret = try await api.store.serviceSecret(
            Sessions.secretName, orElse: api.random.bytes(Sessions.secretLength))
        sessions = Sessions(secret: secret)
    }

    var store: any WorkflowStore { api.store }
    var now: Timestamp { api.time.now }

    var routes: [PageRoute] {
        SignInRoutes(service: self).routes + HistoryRoutes(service: self).routes + RunPageRoutes(service: self).routes
            + RerunPageRoutes(service: self).routes + ComparePageRoutes(service: self).routes
            + TaskPageRoutes(service: self).routes + LogRoutes(service: self).routes + ConfiguredRoutes(service: self).routes
            + AlertPageRoutes(service: self).routes + KeyRoutes(service: self).routes + [assets]
    }

    /// Finds out who looks, by the session that a browser sent.
    /// - Returns: nil when there is none, or its key was dropped or given another secret since.
    func visitor(of sealed: String?) async throws -> Visitor? {
        guard let sealed, sealed.utf8.count <= Limits.bearerToken, let session = sessions.open(sealed, at: now),
            let key = try await store.key(session.key, accepting: { $0.secretNumber == session.secretNumber }),
            key.secretNumber == session.secretNumber
        else { return nil }
        api.keyUses.note(key, at: now)
        return Visitor(
            key: key.id, name: key.name, tenant: key.tenant, policy: key.policy, formToken: sessions.formToken(for: session))
    }

    func newSession(for key: APIKey) -> String {
        let session = Session(
            key: key.id, secretNumber: key.secretNumber, expiresAt: now + api.settings.sessionLifetime,
            nonce: Base64URL.encode(api.random.bytes(18)))
        return sessions.seal(session)
    }

    /// The stylesheet, the scripts and the icon. Their address changes with their content, so that they are kept for ever.
    private var assets: PageRoute {
        PageRoute(.get, PageAddress.assets + "/{version}/{name}", .open) { call in
            guard call.pathValues.count == 2, call.pathValues[0] == pages.assets.version,
                let file = pages.assets.file(named: call.pathValues[1])
            else { throw APIError(.notFound, "There is no such file.") }
            return .asset(file, tag: "\"\(pages.assets.version)\"", for: call)
        }
    }
}
