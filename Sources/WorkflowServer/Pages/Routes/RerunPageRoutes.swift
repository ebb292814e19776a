import Crypto
import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The rerun of a run: its plan and its start.
struct RerunPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let path = PageAddress.history + "/{id}/rerun"
        return [
            PageRoute(.get, path, .policy(.operator)) { call in try await ask(call) },
            PageRoute(.post, path, .policy(.operator)) { call in try await rerun(call) },
        ]
    }

    private func ask(_ call: PageCall) async throws -> Response {
        let old = try await run(of: call)
        let once = Base64URL.encode(service.api.random.bytes(18))
        let start = try call.parameter("from") ?? ""
        let version = try call.parameter("version") ?? ""
        return try await answer(call, over: old, Self.choice(start, version, once: once, for: old)).response
    }

    private func rerun(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let old = try await run(of: call)
        let choice = try Self.choice(
            try call.field("from"), try call.field("version"), once: try call.field("once"), for: old)
        let answer = try await answer(call, over: old, choice)
        guard let plan = answer.plan else { return answer.response }
        let created = try await service.stores.runs.createRun(plan, once: Self.key(choice, over: old, of: visitor))
        return .seeOther(PageAddress.run(created.details.run.id))
    }

    private func run(of call: PageCall) async throws -> WorkflowRunDetails {
        guard let details = try await service.stores.runs.run(call.runID(), of: call.known().tenant) else {
            throw APICall.noSuchRun
        }
        return details
    }

    /// A missing field has its default.
    private static func choice(
        _ start: String, _ version: String, once: String, for old: WorkflowRunDetails
    ) throws(APIError) -> RerunChoice {
        guard let start = start.isEmpty ? .usual(for: old.run.state) : RerunStart(rawValue: start) else {
            throw .invalid("Unknown start of a rerun. Accepted: failure, start.")
        }
        let usual = old.currentVersion == nil ? RerunVersion.launched : .current
        guard let version = version.isEmpty ? usual : RerunVersion(rawValue: version) else {
            throw .invalid("Unknown version of a rerun. Accepted: current, launched.")
        }
        return RerunChoice(start: start, version: version, once: once)
    }

    /// The page with the plan, or with the reason why there is none, and the plan.
    private func answer(
        _ call: PageCall, over old: WorkflowRunDetails, _ choice: RerunChoice
    ) async throws -> (response: Response, plan: RunPlan?) {
        let visitor = try call.known()
        let plan: Result<RunPlan, RerunRefusal>
        var redefined: Set<String> = []
        do {
            let order = RerunRequest(from: choice.start, version: choice.version)
            let principal = Principal(id: visitor.key, name: visitor.name)
            let planned = try await service.api.planRerun(order, of: old, by: principal)
            redefined = try await service.api.redefinedTasks(planned, over: old)
            plan = .success(planned)
        } catch let refusal as RerunRefusal {
            plan = .failure(refusal)
        }
        let current = try await currentCode(of: old)
        var numbers: [ConfigurationVersionID: Int] = [:]
        for id in [old.currentVersion, old.launchedVersion].compactMap(\.self) where numbers[id] == nil {
            numbers[id] = try await service.stores.configurations.configurationVersion(id, of: visitor.tenant)?.number
        }
        let page = RerunPage(old, choice, plan: plan, redefined: redefined, numbers: numbers, code: current, for: visitor)
        let isRefused = call.request.method == .post
        let response = Response.html(service.pages.document(page, for: visitor), status: isRefused ? .conflict : .ok)
        return (response, try? plan.get())
    }

    private func currentCode(of old: WorkflowRunDetails) async throws -> CodeVersion? {
        guard let id = old.origin.configuration, !old.isImported else { return nil }
        return try await service.stores.configurations.configuration(id, of: old.run.tenant)?.source.code
    }

    /// Submitting the same form twice starts one run.
    private static func key(_ choice: RerunChoice, over old: WorkflowRunDetails, of visitor: Visitor) -> IdempotencyKey? {
        guard !choice.once.isEmpty, choice.once.utf8.count <= Limits.idempotencyKey / 2 else { return nil }
        let chosen = [old.run.id.rawValue, choice.start.rawValue, choice.version.rawValue].joined(separator: "\n")
        let hash = Array(SHA256.hash(data: Array(chosen.utf8)))
        return IdempotencyKey(
            owner: visitor.key, text: "page:\(choice.once):\(Base64URL.encode(hash.prefix(12)))", fingerprint: hash)
    }
}
