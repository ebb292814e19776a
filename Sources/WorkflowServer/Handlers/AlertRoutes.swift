import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Alerts, and who is told of what: an addition to the contract.
struct AlertRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        let receiver = Paths.alertReceivers + "/{name}"
        return [
            Route(.get, Paths.alerts, .policy(.viewer)) { call in try await list(call) },
            Route(.get, Paths.alertReceivers, .policy(.admin)) { call in try await listReceivers(call) },
            Route(.post, Paths.alertReceivers, .policy(.admin)) { call in try await create(call) },
            Route(.get, receiver, .policy(.admin)) { call in try await show(call) },
            Route(.put, receiver, .policy(.admin)) { call in try await change(call) },
            Route(.delete, receiver, .policy(.admin)) { call in try await drop(call) },
            Route(.post, receiver + "/rotate", .policy(.admin)) { call in
                try await act(call) { try await service.office.rotate($0, of: $1) }
            },
            Route(.post, receiver + "/enable", .policy(.admin)) { call in
                try await act(call) { try await service.office.enable($0, of: $1) }
            },
            Route(.post, Paths.alerts + "/{id}/resend", .policy(.operator)) { call in try await resend(call) },
        ]
    }

    private static let noSuchReceiver = APIError(.notFound, "There is no receiver with that name.")

    private func list(_ call: APICall) async throws -> Response {
        let parameters = try Parameters(call.query, accepting: ["state", "limit", "next_token"])
        let tenant = try call.granted().tenant
        var state: Alert.State?
        if let name = parameters["state"] {
            guard let known = Alert.State(rawValue: name) else {
                let accepted = Alert.State.allCases.map(\.rawValue).joined(separator: ", ")
                throw APIError.invalid("state is not one that there is; accepted are \(accepted).")
            }
            state = known
        }
        let limit = try parameters.integer("limit", in: RunQuery.limits) ?? RunQuery.defaultLimit
        var place: Int?
        if let token = parameters["next_token"] {
            guard let number = Int(token), number > 0 else {
                throw APIError.invalid("next_token is not one that this service made.")
            }
            place = number
        }
        let page = try await service.store.alerts(of: tenant, in: state, from: place, limit: limit)
        let rules = try await service.store.configurationAlerts(of: tenant)
        let receivers = rules.isEmpty ? [] : try await service.store.receivers(of: tenant)
        let answer = AlertListAnswer(
            alerts: page.alerts, nextToken: page.next.map(String.init), silent: SilentRule.all(in: rules, receivers: receivers))
        return .json(answer.document)
    }

    private func listReceivers(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        let receivers = try await service.store.receivers(of: call.granted().tenant)
        return .json(
            JSONWriter.document { json in
                json.object { json in
                    json.name("data")
                    json.array(of: receivers) { json, receiver in json.receiver(receiver) }
                }
            })
    }

    private func show(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        let receivers = try await service.store.receivers(of: call.granted().tenant)
        guard let receiver = receivers.first(where: { $0.name == call.pathValues.first }) else { throw Self.noSuchReceiver }
        return .json(receiver.document())
    }

    private func create(_ call: APICall) async throws -> Response {
        let made = try await service.office.create(try await order(of: call), of: call.granted().tenant)
        return .json(
            made.receiver.document(secret: made.secret), status: .created,
            headers: [.location: Paths.alertReceiver(made.receiver.name)])
    }

    private func change(_ call: APICall) async throws -> Response {
        let order = try await order(of: call, name: call.pathValues.first)
        guard let changed = try await service.office.change(order, of: call.granted().tenant) else { throw Self.noSuchReceiver }
        return .json(changed.receiver.document())
    }

    private func order(of call: APICall, name: String? = nil) async throws -> ReceiverOrder {
        _ = try Parameters(call.query, accepting: [])
        guard call.mediaType == "application/json" else {
            throw APIError(.unsupportedMediaType, "The body has to be application/json.")
        }
        let body = try await call.body(upTo: Limits.receiverBody)
        return try ReceiverOrder(body: Array(body.readableBytesView), name: name)
    }

    private func act(_ call: APICall, _ action: (String, Tenant) async throws -> ReceiverAnswer?) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        guard let name = call.pathValues.first, let answer = try await action(name, call.granted().tenant) else {
            throw Self.noSuchReceiver
        }
        return .json(answer.receiver.document(secret: answer.secret))
    }

    private func drop(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        guard let name = call.pathValues.first, try await service.office.drop(name, of: call.granted().tenant) else {
            throw Self.noSuchReceiver
        }
        return .empty(.noContent)
    }

    private func resend(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        let alert = try await service.office.resend(call.pathValues.first ?? "", of: call.granted().tenant)
        return .json(JSONWriter.document { $0.alert(alert) })
    }
}
