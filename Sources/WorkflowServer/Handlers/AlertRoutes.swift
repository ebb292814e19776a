import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Alerts and their receivers: an addition to the contract.
struct AlertRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(AlertEndpoints.list) { call in try await list(call) },
            Route(AlertEndpoints.resend) { call in try await resend(call) },
            Route(AlertEndpoints.listReceivers) { call in try await listReceivers(call) },
            Route(AlertEndpoints.createReceiver) { call in try await create(call) },
            Route(AlertEndpoints.showReceiver) { call in try await show(call) },
            Route(AlertEndpoints.changeReceiver) { call in try await change(call) },
            Route(AlertEndpoints.dropReceiver) { call in try await drop(call) },
            Route(AlertEndpoints.rotateReceiver) { call in
                try await act(call) { try await service.alertReceivers.rotate($0, of: $1) }
            },
            Route(AlertEndpoints.enableReceiver) { call in
                try await act(call) { try await service.alertReceivers.enable($0, of: $1) }
            },
            Route(AlertEndpoints.testReceiver) { call in try await test(call) },
        ]
    }

    private func list(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let state = try call.parameters[AlertEndpoints.state]
        let limit = try call.parameters[PageParameters.limit] ?? RunQuery.defaultLimit
        let sealer = service.pageTokens
        let place = try call.parameters.place { sealer.openAlert($0, in: state, tenant: tenant) }
        let page = try await service.stores.alerts.alerts(matching: AlertQuery(of: tenant, in: state, from: place, limit: limit))
        let rules = try await service.stores.alerts.configurationAlerts(of: tenant)
        let receivers = rules.isEmpty ? [] : try await service.stores.alerts.receivers(of: tenant)
        let token = page.next.map { sealer.seal(alert: $0, in: state, tenant: tenant) }
        let answer = AlertListAnswer(
            alerts: page.alerts, nextToken: token, silent: SilentRule.all(in: rules, receivers: receivers))
        return .json(answer.document)
    }

    private func listReceivers(_ call: APICall) async throws -> Response {
        let receivers = try await service.stores.alerts.receivers(of: call.granted().tenant)
        return .json(
            JSONWriter.document { json in
                json.object { json in
                    json.name("data")
                    json.array(of: receivers) { json, receiver in json.receiver(receiver) }
                }
            })
    }

    private func show(_ call: APICall) async throws -> Response {
        let receivers = try await service.stores.alerts.receivers(of: call.granted().tenant)
        guard let receiver = receivers.first(where: { $0.name == call.pathValues.first }) else { throw APIError.noSuchReceiver }
        return .json(receiver.document())
    }

    private func create(_ call: APICall) async throws -> Response {
        let made = try await service.alertReceivers.create(
            try await order(of: call, to: AlertEndpoints.createReceiver), of: call.granted().tenant)
        return .json(
            made.receiver.document(secret: made.secret), status: .created,
            headers: [.location: Paths.alertReceiver(made.receiver.name)])
    }

    private func change(_ call: APICall) async throws -> Response {
        let order = try await order(of: call, to: AlertEndpoints.changeReceiver, name: call.pathValues.first)
        guard let changed = try await service.alertReceivers.change(order, of: call.granted().tenant) else {
            throw APIError.noSuchReceiver
        }
        return .json(changed.receiver.document())
    }

    private func order(of call: APICall, to endpoint: Endpoint, name: String? = nil) async throws -> ReceiverOrder {
        return try ReceiverOrder(body: try await call.jsonBody(of: endpoint), name: name)
    }

    private func act(_ call: APICall, _ action: (String, Tenant) async throws -> ReceiverAnswer?) async throws -> Response {
        guard let name = call.pathValues.first, let answer = try await action(name, call.granted().tenant) else {
            throw APIError.noSuchReceiver
        }
        return .json(answer.receiver.document(secret: answer.secret))
    }

    private func test(_ call: APICall) async throws -> Response {
        guard let name = call.pathValues.first,
            let answer = try await service.receiverTests.test(name, of: call.granted().tenant)
        else { throw APIError.noSuchReceiver }
        return .json(answer.document)
    }

    private func drop(_ call: APICall) async throws -> Response {
        guard let name = call.pathValues.first, try await service.alertReceivers.drop(name, of: call.granted().tenant) else {
            throw APIError.noSuchReceiver
        }
        return .empty(.noContent)
    }

    private func resend(_ call: APICall) async throws -> Response {
        let alert = try await service.alertReceivers.resend(call.pathValues.first ?? "", of: call.granted().tenant)
        return .json(JSONWriter.document { $0.alert(alert) })
    }
}

extension APIError {
    static let noSuchReceiver = APIError(.notFound, "There is no receiver with that name.")
}
