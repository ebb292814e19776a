import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Receivers that are told of the end of single runs: an addition to the contract.
struct SubscriptionRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(SubscriptionEndpoints.list) { call in try await list(call) },
            Route(SubscriptionEndpoints.subscribe) { call in try await subscribe(call) },
            Route(SubscriptionEndpoints.unsubscribe) { call in try await unsubscribe(call) },
        ]
    }

    private func list(_ call: APICall) async throws -> Response {
        let id = try call.runID()
        guard let found = try await service.stores.subscriptions.subscriptions(to: id, of: call.granted().tenant) else {
            throw APICall.noSuchRun
        }
        return .json(found.document)
    }

    private func subscribe(_ call: APICall) async throws -> Response {
        let (id, grant) = (try call.runID(), try call.granted())
        let (answer, isNew) = try await service.subscribe(
            call.pathValues.last ?? "", to: id, by: grant.key.principal, of: grant.tenant)
        return .json(
            answer.document, status: isNew ? .created : .ok, headers: isNew ? [.location: Paths.subscriptions(to: id)] : [:])
    }

    private func unsubscribe(_ call: APICall) async throws -> Response {
        let id = try call.runID()
        try await service.unsubscribe(call.pathValues.last ?? "", from: id, of: call.granted().tenant)
        return .empty(.noContent)
    }
}

extension APIService {
    /// - Throws: ``APIError``: 404 for an unknown run or receiver, 409 for a receiver or a run that takes no subscription.
    func subscribe(
        _ receiver: String, to run: RunID, by principal: Principal, of tenant: Tenant
    ) async throws -> (answer: SubscriptionAnswer, isNew: Bool) {
        let subscription = RunSubscription(to: receiver, by: principal, at: time.now)
        switch try await stores.subscriptions.subscribe(subscription, to: run, of: tenant) {
        case .added(let event): return (SubscriptionAnswer(subscription, event: event), true)
        case .alreadyThere(let known, let event): return (SubscriptionAnswer(known, event: event), false)
        case .noSuchRun: throw APICall.noSuchRun
        case .noSuchReceiver(let accepted): throw APIError(.notFound, Self.unknown(receiver, accepted))
        case .isDisabled: throw APIError(.conflict, Self.disabled(receiver))
        case .isImported:
            throw APIError(.conflict, "The run is imported history. Receivers are told of runs of this service only.")
        case .tooMany:
            throw APIError(.conflict, "The run has \(RunSubscription.most) subscriptions. It takes no more.")
        }
    }

    /// - Throws: ``APIError``: 404 for an unknown run or a receiver that is not subscribed, 409 for a run that has ended.
    func unsubscribe(_ receiver: String, from run: RunID, of tenant: Tenant) async throws {
        switch try await stores.subscriptions.unsubscribe(receiver, from: run, of: tenant) {
        case .removed: return
        case .noSuchRun: throw APICall.noSuchRun
        case .notSubscribed: throw APIError(.notFound, "The run has no subscription of a receiver with that name.")
        case .hasEnded: throw APIError(.conflict, "The run has ended. Its subscriptions stay, because their alerts were raised.")
        }
    }

    /// Checks the receivers that a start or a rerun is to tell.
    /// - Throws: ``APIError``: 400 for an unknown receiver, 409 for a disabled one.
    func checkNotified(_ names: [String], of tenant: Tenant) async throws {
        guard !names.isEmpty else { return }
        let receivers = try await stores.alerts.receivers(of: tenant)
        for name in names {
            guard let receiver = receivers.first(where: { $0.name == name }) else {
                throw APIError.invalid(Self.unknown(name, receivers.filter { $0.disabledAt == nil }.map(\.name)))
            }
            guard receiver.disabledAt == nil else { throw APIError(.conflict, Self.disabled(name)) }
        }
    }

    private static func unknown(_ receiver: String, _ accepted: [String]) -> String {
        let known = accepted.isEmpty ? "The tenant has none yet." : "Accepted: \(accepted.joined(separator: ", "))."
        return "There is no receiver with the name \"\(receiver.visible(upTo: 64))\". \(known)"
    }

    private static func disabled(_ receiver: String) -> String {
        "The receiver \(receiver) is disabled; enable it first."
    }
}
