import Crypto
import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Decisions of persons about tasks that did not succeed.
struct ResolutionRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(ResolutionEndpoints.list) { call in try await list(call) },
            Route(ResolutionEndpoints.resolve) { call in try await resolve(call) },
        ]
    }

    private func list(_ call: APICall) async throws -> Response {
        guard let offers = try await service.resolutions.offers(in: call.runID(), of: call.granted().tenant) else {
            throw APICall.noSuchRun
        }
        return .json(ResolutionsAnswer(offers).document, headers: [.cacheControl: "private, no-cache"])
    }

    private func resolve(_ call: APICall) async throws -> Response {
        let (run, grant) = (try call.runID(), try call.granted())
        guard let task = call.pathValues.last, APICall.isPossibleID(task) else { throw APIError(ResolutionRefusal.noSuchTask) }
        let body = try await call.jsonBody(of: ResolutionEndpoints.resolve)
        let request = try ResolveRequest(body: body)
        let outcome = try await APIService.sayingWhy {
            try await service.resolutions.resolve(
                .one(TaskID(rawValue: task)), in: run, of: grant.tenant, for: request, by: grant.key.principal
            ) { plan in
                try await service.startOnce(call, fingerprint: Self.fingerprint(of: body, run, task), plan).run.id
            }
        }
        switch outcome {
        case nil: throw APICall.noSuchRun
        case .inPlace(let details)?: return .json(details.document(.verbose))
        case .rerun(let details)?: return .accepted(details)
        }
    }

    private static func fingerprint(of body: [UInt8], _ run: RunID, _ task: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("resolve \(run.rawValue)\n\(task)\n".utf8))
        hash.update(data: body)
        return Array(hash.finalize())
    }
}

extension APIService {
    var resolutions: TaskResolutions {
        TaskResolutions(
            store: stores.runs, items: stores.tasks,
            planning: RerunPlanning(store: stores.configurations, configurations: configurations, time: time, random: random),
            time: time)
    }

    /// Turns the reasons why a task cannot be resolved into errors of the API.
    static func sayingWhy<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let refusal as ResolutionRefusal {
            throw APIError(refusal)
        } catch let refusal as RerunRefusal {
            throw APIError(refusal)
        }
    }
}
