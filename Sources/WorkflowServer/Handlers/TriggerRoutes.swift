import HTTPTypes
import Hummingbird
import Logging
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Firings of triggers, and calls of webhooks: an addition to the contract.
struct TriggerRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(TriggerEndpoints.firings) { call in try await list(call) },
            Route(TriggerEndpoints.hook) { call in try await hook(call) },
        ]
    }

    /// Firings outlive their configuration for as long as retention lets them.
    private func list(_ call: APICall) async throws -> Response {
        let id = try call.configurationID()
        let query = try FiringQueryParameters.read(
            call.parameters, configuration: id, tenant: call.granted().tenant, sealer: service.pageTokens)
        let page = try await service.stores.triggers.firings(matching: query)
        if page.firings.isEmpty, try await service.stores.configurations.configuration(id, of: query.tenant) == nil {
            throw APIError.noSuchConfiguration
        }
        let token = page.next.map { service.pageTokens.seal($0, of: query) }
        return .tagged(page.document(nextToken: token), for: call)
    }

    private static let noSuchWebhook = APIError(.notFound, "There is no webhook at this address.")

    private func hook(_ call: APICall) async throws -> Response {
        let hook = try await find(call)
        let body = try await call.jsonBody(of: TriggerEndpoints.hook)
        let tenant = hook.version.tenant
        let secret = try await secret(of: hook)
        let signed = try WebhookCall(call.headers, body: body, secret: secret.key, at: service.time.now)
        // Only calls of the sender count, so that others cannot use up the limit.
        _ = try await service.rateLimits.count(tenant)
        if signed.isPing { return .json(WebhookPing.document) }
        guard let value = JSONValue(json: body) else {
            let fault = JSONFault(in: SecretMask([secret.value]).masked(body))
            let problem = fault.map { "is not valid JSON: \($0)" } ?? "has a member twice"
            throw APIError.invalid("The body \(problem). Send one JSON value, with the content type application/json.")
        }
        let now = service.time.now
        // Parameters and reasons are kept. A sender that echoes its own secret must not have it stored.
        let kept = SecretMask([secret.value]).masked(value)
        let firing = TriggerFiring(
            tenant: tenant, configuration: hook.configuration.id,
            cause: .webhook(ExactText(hook.webhook.name), delivery: ExactText(signed.delivery)), firedAt: now, depth: 1)
        if let first = try await service.stores.triggers.firing(firing.id, of: tenant), first.outcome != .waiting {
            return try answer(to: first, isRepeated: true)
        }
        let decision = firing.decided(
            by: hook.trigger, of: hook.configuration, version: hook.version,
            values: TriggerValues(ofCall: signed.delivery, of: hook.webhook.name, body: kept, at: now), at: now,
            random: service.random)
        let actor = AuditActor(.trigger, from: call.origin(), time: service.time, random: service.random)
        switch try await actor.act({ try await service.stores.triggers.record(decision, at: now) }) {
        case .recorded(let firing): return try answer(to: firing, isRepeated: false)
        case .decided(let firing): return try answer(to: firing, isRepeated: true)
        case .gone: throw Self.noSuchWebhook
        }
    }

    private struct Hook {
        var version: ConfigurationVersion
        var configuration: WorkflowConfiguration
        var trigger: WorkflowTrigger
        var webhook: WorkflowTrigger.Webhook
    }

    /// Tenants, configurations and webhooks that do not exist get one answer.
    private func find(_ call: APICall) async throws -> Hook {
        guard call.pathValues.count == 3, let tenant = Tenant(call.pathValues[0]), APICall.isPossibleID(call.pathValues[1]),
            let version = try await service.stores.configurations.configuration(call.pathValues[1], of: tenant),
            let configuration = try? service.configurations.parsed(version),
            let (trigger, webhook) = configuration.trigger(ofWebhook: call.pathValues[2])
        else { throw Self.noSuchWebhook }
        return Hook(version: version, configuration: configuration, trigger: trigger, webhook: webhook)
    }

    private func secret(of hook: Hook) async throws -> (value: SecretValue, key: WebhookKey) {
        let name = ExactText(hook.webhook.secret)
        let values: [ExactText: SecretValue]
        do {
            values = try await service.secrets.values(ofSecrets: [name], of: hook.version.tenant)
        } catch let error as SecretsUnavailable {
            service.logger.error(
                "the secret of a webhook cannot be decrypted",
                metadata: ["tenant": "\(hook.version.tenant)", "secret": "\(name)", "reason": "\(error.message)"])
            throw APIError(
                .unavailable, "This node cannot read the secret of the webhook. Its operator finds the cause in the log.")
        }
        guard let value = values[name] else {
            throw APIError(
                .unavailable,
                "The secret of this webhook is not set, so that no call can be verified. Set it with weir secrets set.")
        }
        guard let key = WebhookKey(value) else {
            throw APIError(
                .unavailable,
                "The secret of this webhook cannot sign calls. Accepted: a text of \(TriggerLimits.shortestKey) bytes or more, or "
                    + "\(WebhookSecret.prefix) and the Base64 of as many.")
        }
        return (value, key)
    }

    /// The same for a call and its repetitions.
    private func answer(to firing: TriggerFiring, isRepeated: Bool) throws -> Response {
        let note = firing.note.map { "\($0) " } ?? ""
        switch firing.outcome {
        case .started, .paused, .waiting, .cut:
            return .json(firing.callDocument(isRepeated: isRepeated), status: .accepted)
        case .refused: throw APIError(.keyMismatch, "\(note)No run was started. The call is recorded as \(firing.id).")
        case .failed: throw APIError(.conflict, "\(note)No run was started. The call is recorded as \(firing.id).")
        }
    }
}
