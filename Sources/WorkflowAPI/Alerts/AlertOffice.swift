public import WorkflowModel

/// Makes and changes receivers, for the API, the pages and the operator's commands alike.
public struct AlertOffice: Sendable {
    private let store: any WorkflowStore
    private let time: any TimeSource
    private let random: any RandomSource
    private let policy: AddressPolicy
    private let lookup: any AddressLookup

    /// - Parameter random: has to be good enough for secrets.
    public init(
        store: any WorkflowStore, time: any TimeSource, random: any RandomSource, policy: AddressPolicy,
        lookup: any AddressLookup
    ) {
        self.store = store
        self.time = time
        self.random = random
        self.policy = policy
        self.lookup = lookup
    }

    /// - Returns: the receiver with its secret.
    /// - Throws: ``APIError`` (400, 409), `StoreError`.
    public func create(_ order: ReceiverOrder, of tenant: Tenant) async throws -> ReceiverAnswer {
        try await check(order)
        let present = try await store.receivers(of: tenant)
        guard !present.contains(where: { $0.name == order.name }) else {
            throw APIError(.conflict, "A receiver with the name \(order.name) is there already.")
        }
        guard present.count < AlertLimits.receivers else {
            throw APIError(.conflict, "A tenant may have \(AlertLimits.receivers) receivers, and has as many; drop one first.")
        }
        let receiver = AlertReceiver(
            tenant: tenant, name: order.name, kind: order.kind, url: order.url, rule: order.rule,
            secret: WebhookSecret.make(random: random), createdAt: time.now)
        do {
            try await store.createReceiver(receiver)
        } catch let error as StoreError where error.code == .duplicate {
            throw APIError(.conflict, error.message)
        }
        return ReceiverAnswer(receiver, secret: WebhookSecret.text(receiver.secret))
    }

    /// - Returns: nil when there is no receiver of that name.
    public func change(_ order: ReceiverOrder, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await check(order)
        let change = AlertReceiver.Change.settings(order.kind, url: order.url, order.rule)
        return try await store.changeReceiver(order.name, of: tenant, change, at: time.now).map { ReceiverAnswer($0) }
    }

    /// Gives a receiver a new secret. The one before signs too, for ``AlertLimits/formerSecretValidity``.
    public func rotate(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        let changed = try await store.changeReceiver(
            name, of: tenant, .rotated(WebhookSecret.make(random: random)), at: time.now)
        return changed.map { ReceiverAnswer($0, secret: WebhookSecret.text($0.secret)) }
    }

    public func enable(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await store.changeReceiver(name, of: tenant, .enabled, at: time.now).map { ReceiverAnswer($0) }
    }

    public func drop(_ name: String, of tenant: Tenant) async throws -> Bool {
        try await store.dropReceiver(name, of: tenant, at: time.now)
    }

    /// Sends an alert again.
    /// - Throws: ``APIError`` (404, 409)
    public func resend(_ id: String, of tenant: Tenant) async throws -> Alert {
        guard let alert = try await store.alert(id, of: tenant) else {
            throw APIError(.notFound, "There is no alert with that id.")
        }
        guard let receiver = try await store.receivers(of: tenant).first(where: { $0.name == alert.receiver }) else {
            throw APIError(.conflict, "The receiver \(alert.receiver) is not there any more.")
        }
        guard receiver.disabledAt == nil else {
            throw APIError(.conflict, "The receiver \(alert.receiver) is disabled; enable it first.")
        }
        guard let sent = try await store.resendAlert(id, of: tenant, at: time.now) else {
            throw APIError(.notFound, "There is no alert with that id.")
        }
        return sent
    }

    /// Whether a configuration names receivers that there are.
    /// - Throws: ``APIError`` (400) naming those that there are.
    public func check(_ routes: [AlertRoute], of tenant: Tenant) async throws {
        guard !routes.isEmpty else { return }
        let known = try await store.receivers(of: tenant).map(\.name)
        guard let unknown = routes.map(\.receiver).first(where: { !known.contains($0) }) else { return }
        let accepted = known.isEmpty ? "it has none yet" : "those that it has are \(known.joined(separator: ", "))"
        throw APIError.invalid("The configuration tells \(unknown), which is no receiver of the tenant; \(accepted).")
    }

    private func check(_ order: ReceiverOrder) async throws {
        do {
            try await policy.check(order.url, lookup: lookup)
        } catch let problem as ReceiverAddressProblem {
            throw APIError.invalid(problem.message)
        }
    }
}
