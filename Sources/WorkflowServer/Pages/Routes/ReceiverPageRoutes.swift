import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// Adding, editing, testing, rotating and deleting receivers of alerts, for admins.
struct ReceiverPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let receiver = PageAddress.receivers + "/{name}"
        return [
            PageRoute(.get, PageAddress.newReceiver, .policy(.admin)) { call in
                try form(ReceiverFields(), of: nil, for: call)
            },
            PageRoute(.post, PageAddress.receivers, .policy(.admin)) { call in try await add(call) },
            PageRoute(.get, receiver + "/edit", .policy(.admin)) { call in
                let found = try await self.receiver(of: call)
                return try form(ReceiverFields(found), of: found, for: call)
            },
            PageRoute(.post, receiver + "/edit", .policy(.admin)) { call in try await edit(call) },
            PageRoute(.post, receiver + "/test", .policy(.admin)) { call in try await test(call) },
            PageRoute(.get, receiver + "/rotate", .policy(.admin)) { call in try await confirm(call, ConfirmPage.rotateReceiver) },
            PageRoute(.post, receiver + "/rotate", .policy(.admin)) { call in try await rotate(call) },
            PageRoute(.get, receiver + "/delete", .policy(.admin)) { call in try await confirm(call, ConfirmPage.deleteReceiver) },
            PageRoute(.post, receiver + "/delete", .policy(.admin)) { call in try await delete(call) },
        ]
    }

    private func add(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let fields = try Self.fields(of: call)
        do {
            let made = try await service.api.alertReceivers.create(try Self.order(fields, keeping: nil), of: visitor.tenant)
            return secret(of: made, isRotation: false, for: visitor)
        } catch let problem as APIError where problem.kind == .invalid || problem.kind == .conflict {
            return try form(fields, of: nil, problem: problem, for: call)
        }
    }

    private func edit(_ call: PageCall) async throws -> Response {
        let found = try await receiver(of: call)
        var fields = try Self.fields(of: call)
        fields.name = found.name
        do {
            let order = try Self.order(fields, keeping: found.url)
            guard try await service.api.alertReceivers.change(order, of: found.tenant) != nil else { throw APIError.noSuchReceiver }
            return .seeOther(PageAddress.alerts)
        } catch let problem as APIError where problem.kind == .invalid {
            return try form(fields, of: found, problem: problem, for: call)
        }
    }

    private func test(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let name = call.pathValues.first ?? ""
        guard let answer = try await service.api.receiverTests.test(name, of: visitor.tenant) else { throw APIError.noSuchReceiver }
        let page = ReceiverTestPage(name, isDelivered: answer.isDelivered, answer: answer.answer, for: visitor)
        return .html(service.pages.document(page, for: visitor))
    }

    private func rotate(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        guard let rotated = try await service.api.alertReceivers.rotate(call.pathValues.first ?? "", of: visitor.tenant) else {
            throw APIError.noSuchReceiver
        }
        return secret(of: rotated, isRotation: true, for: visitor)
    }

    private func secret(of answer: ReceiverAnswer, isRotation: Bool, for visitor: Visitor) -> Response {
        let page = ReceiverSecretPage(answer.receiver, secret: answer.secret ?? "", isRotation: isRotation, for: visitor)
        return .html(service.pages.document(page, for: visitor))
    }

    private func confirm(_ call: PageCall, _ page: (AlertReceiver, Visitor) -> ConfirmPage) async throws -> Response {
        let visitor = try call.known()
        return .html(service.pages.document(page(try await receiver(of: call), visitor), for: visitor))
    }

    private func delete(_ call: PageCall) async throws -> Response {
        guard try await service.api.alertReceivers.drop(call.pathValues.first ?? "", of: call.known().tenant) else {
            throw APIError.noSuchReceiver
        }
        return .seeOther(PageAddress.alerts)
    }

    private func receiver(of call: PageCall) async throws -> AlertReceiver {
        let receivers = try await service.stores.alerts.receivers(of: call.known().tenant)
        guard let receiver = receivers.first(where: { $0.name == call.pathValues.first }) else { throw APIError.noSuchReceiver }
        return receiver
    }

    private static func fields(of call: PageCall) throws(APIError) -> ReceiverFields {
        ReceiverFields(
            name: try call.field("name"), kind: try call.field("kind"), url: try call.field("url"),
            events: call.form.pairs.filter { $0.name == "on" }.map(\.value), attribution: try call.field("attribution"),
            types: try call.field("types"), configurations: try call.field("configurations"))
    }

    /// - Parameter url: the stored address, which stays when the field is empty.
    private static func order(_ fields: ReceiverFields, keeping url: String?) throws(APIError) -> ReceiverOrder {
        guard let kind = AlertReceiver.Kind(rawValue: fields.kind) else {
            throw .invalid("Unknown kind. Accepted: \(AlertReceiver.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        var rule = AlertRule(events: [])
        for text in fields.events {
            guard let event = AlertEvent(rawValue: text) else {
                throw .invalid("Unknown event. Accepted: \(AlertEvent.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            rule.events.insert(event)
        }
        if !fields.attribution.isEmpty {
            guard let attribution = Attribution(rawValue: fields.attribution) else {
                throw .invalid("Unknown attribution. Accepted: \(Attribution.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            rule.attribution = attribution
        }
        rule.types = words(fields.types)
        rule.configurations = words(fields.configurations)
        return try ReceiverOrder(name: fields.name, kind: kind, url: fields.url.isEmpty ? url ?? "" : fields.url, rule: rule)
    }

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init)
    }

    private func form(
        _ fields: ReceiverFields, of receiver: AlertReceiver?, problem: APIError? = nil, for call: PageCall
    ) throws -> Response {
        let visitor = try call.known()
        let page = ReceiverFormPage(fields, of: receiver, problem: problem?.message, for: visitor)
        return .html(service.pages.document(page, for: visitor), status: problem?.status ?? .ok)
    }
}
