import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Reading and writing configurations: an addition to the contract.
struct ConfigurationRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(.get, Paths.configurations, .policy(.viewer)) { call in try await list(call) },
            Route(.get, Paths.configurations + "/{id}", .policy(.viewer)) { call in try await show(call) },
            Route(.put, Paths.configurations + "/{id}", .policy(.admin)) { call in try await save(call) },
            Route(.delete, Paths.configurations + "/{id}", .policy(.admin)) { call in try await delete(call) },
        ]
    }

    private static let noSuchConfiguration = APIError(.notFound, "There is no configuration with that id.")

    private func list(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        let tenant = try call.granted().tenant
        let versions = try await service.store.configurations(of: tenant)
        let runs = try await service.store.latestRuns(
            ofEach: versions.map(\.configuration), of: tenant, limit: RunRecord.runsToRead)
        return .tagged(
            ConfigurationVersion.listDocument(versions, records: runs.compactMapValues { RunRecord($0) }), for: call)
    }

    private func show(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        guard let version = try await service.store.configuration(id(of: call), of: call.granted().tenant) else {
            throw Self.noSuchConfiguration
        }
        var response: Response
        if Self.wantsText(call.headers[.accept] ?? "") {
            response = .tagged(ByteBuffer(string: version.source.text), type: "application/yaml", for: call)
        } else {
            response = .tagged(version.document, for: call)
        }
        response.headers[.vary] = "Accept"
        return response
    }

    /// Every JSON text is a YAML text, so the text is what was asked for, whichever it was written in.
    private static func wantsText(_ accept: String) -> Bool {
        accept.split(separator: ",").contains { item in
            let type = item.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
            return yamlTypes.contains(type)
        }
    }

    private static let yamlTypes: Set<String> = ["application/yaml", "application/x-yaml", "text/yaml"]

    private func save(_ call: APICall) async throws -> Response {
        let parameters = try Parameters(call.query, accepting: ["file", "directory"])
        let id = try id(of: call)
        let format: ConfigurationSource.Format
        switch call.mediaType {
        case "application/json": format = .json
        case let type? where Self.yamlTypes.contains(type): format = .yaml
        default:
            throw APIError(.unsupportedMediaType, "The body has to be application/yaml or application/json.")
        }
        let body = try await call.body(upTo: Limits.configurationBody)
        let (source, configuration) = try read(
            body, format: format, directory: parameters["directory"], file: parameters["file"] ?? id)
        guard configuration.id == id else {
            throw APIError.invalid(
                "The text has the id \"\(configuration.id)\", but the path has another one; they have to be the same.")
        }
        let grant = try call.granted()
        try await service.office.check(configuration.alerts, of: grant.tenant)
        if configuration.tasks.contains(where: { !$0.uses.isEmpty }) {
            let settings = try await service.store.settings(of: grant.tenant)
            if let problems = settings.complaints(about: configuration, file: parameters["file"] ?? id) {
                throw APIError.invalid(problems.description)
            }
        }
        let now = service.time.now
        let saved = try await service.store.saveConfiguration(
            ConfigurationDraft(
                version: ConfigurationVersionID(at: now, using: service.random), tenant: grant.tenant, configuration: id,
                name: configuration.name, type: configuration.type, source: source,
                hasSchedules: !configuration.schedules.isEmpty, author: grant.key.principal,
                concurrency: configuration.concurrency, alerts: configuration.alerts),
            at: now)
        var response = Response.json(saved.version.document, status: saved.change == .created ? .created : .ok)
        response.headers[.eTag] = EntityTag(of: saved.version.document).text
        if saved.change == .created { response.headers[.location] = Paths.configuration(id) }
        return response
    }

    private func read(
        _ body: ByteBuffer, format: ConfigurationSource.Format, directory: String?, file: String
    ) throws(APIError) -> (ConfigurationSource, WorkflowConfiguration) {
        do {
            let source = try ConfigurationSource(
                utf8: body.readableBytesView, format: format, directory: directory, file: file)
            return (source, try ConfigurationReader(zones: service.zones).read(source, file: file))
        } catch {
            throw .invalid(error.description)
        }
    }

    private func delete(_ call: APICall) async throws -> Response {
        _ = try Parameters(call.query, accepting: [])
        let tenant = try call.granted().tenant
        guard try await service.store.deleteConfiguration(id(of: call), of: tenant, at: service.time.now) else {
            throw Self.noSuchConfiguration
        }
        return .empty(.noContent)
    }

    private func id(of call: APICall) throws(APIError) -> String {
        guard let id = call.pathValues.first, APICall.isPossibleID(id) else { throw Self.noSuchConfiguration }
        return id
    }
}
