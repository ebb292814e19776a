package import WorkflowAPI
package import WorkflowModel

/// Creates and changes alert receivers, for the API, the pages and the commands of operators.
package struct AlertReceivers: Sendable {
    private let store: any AlertStore
    private let time: any TimeSource
    private let random: any RandomSource
    private let policy: AddressPolicy
    private let lookup: any AddressLookup

    /// - Parameter random: cryptographically secure, because it makes secrets.
    package init(
        store: any AlertStore, time: any TimeSource, random: any RandomSource, policy: AddressPolicy,
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
    package func create(_ order: ReceiverOrder, of tenant: Tenant) async throws -> ReceiverAnswer {
        try await check(order)
        let present = try await store.receivers(of: tenant)
        guard !present.contains(where: { $0.name == order.name }) else {
            throw APIError(.conflict, "A receiver with the name \(order.name) exists already.")
        }
        guard present.count < AlertLimits.receivers else {
            throw APIError(.conflict, "The tenant has \(AlertLimits.receivers) receivers, the most it may have. Drop one first.")
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

    /// - Returns: nil when the receiver is not found.
    package func change(_ order: ReceiverOrder, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await check(order)
        let change = AlertReceiver.Change.settings(order.kind, url: order.url, order.rule)
        return try await store.changeReceiver(ReceiverUpdate(order.name, of: tenant, change), at: time.now).map {
            ReceiverAnswer($0)
        }
    }

    /// Gives a receiver a new secret. The previous secret also signs for ``AlertLimits/previousSecretValidity``.
    /// - Parameter secret: nil to generate one.
    package func rotate(_ name: String, of tenant: Tenant, to secret: [UInt8]? = nil) async throws -> ReceiverAnswer? {
        let changed = try await store.changeReceiver(
            ReceiverUpdate(name, of: tenant, .rotated(secret ?? WebhookSecret.make(random: random))), at: time.now)
        return changed.map { ReceiverAnswer($0, secret: WebhookSecret.text($0.secret)) }
    }

    package func enable(_ name: String, of tenant: Tenant) async throws -> ReceiverAnswer? {
        try await store.changeReceiver(ReceiverUpdate(name, of: tenant, .enabled), at: time.now).map { ReceiverAnswer($0) }
    }

    package func drop(_ name: String, of tenant: Tenant) async throws -> Bool {
        try await store.deleteReceiver(name, of: tenant, at: time.now)
    }

    /// Sends an alert again.
    /// - Throws: ``APIError`` (404, 409)
    package func resend(_ id: String, of tenant: Tenant) async throws -> Alert {
        guard let alert = try await store.alert(id, of: tenant) else {
            throw APIError(.notFound, "There is no alert with that id.")
        }
        guard let receiver = try await store.receivers(of: tenant).first(where: { $0.name == alert.receiver }) else {
            throw APIError(.conflict, "The receiver \(alert.receiver) no longer exists.")
        }
        guard receiver.disabledAt == nil else {
            throw APIError(.conflict, "The receiver \(alert.receiver) is disabled; enable it first.")
        }
        guard let sent = try await store.resendAlert(id, of: tenant, at: time.now) else {
            throw APIError(.notFound, "There is no alert with that id.")
        }
        return sent
    }

    /// Checks that the receivers of a configuration exist.
    /// - Returns: a message for each unknown receiver.
    package func problems(with routes: [AlertRoute], of tenant: Tenant) async throws -> [(receiver: String, message: String)] {
        guard !routes.isEmpty else { return [] }
        let known = try await store.receivers(of: tenant).map(\.name)
        let accepted = known.isEmpty ? "the tenant has none yet" : "the tenant has \(known.joined(separator: ", "))"
        let unknown = Set(routes.map { ExactText($0.receiver) }).subtracting(known.map { ExactText($0) })
        return unknown.sorted().map { (name: ExactText) in
            (receiver: name.text, message: "The configuration names the receiver \(name), which does not exist; \(accepted).")
        }
    }

    private func check(_ order: ReceiverOrder) async throws {
        do {
            try await policy.check(order.url, lookup: lookup)
        } catch let problem as ReceiverAddressProblem {
            throw APIError.invalid(problem.message)
        }
    }
}
