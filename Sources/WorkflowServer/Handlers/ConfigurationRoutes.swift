import HTTPTypes
import Hummingbird
import NIOCore
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Reads and writes configurations: an addition to the contract.
struct ConfigurationRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(ConfigurationEndpoints.list) { call in try await list(call) },
            Route(ConfigurationEndpoints.show) { call in try await show(call) },
            Route(ConfigurationEndpoints.save) { call in try await save(call) },
            Route(ConfigurationEndpoints.delete) { call in try await delete(call) },
        ]
    }

    private func list(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let versions = try await service.stores.configurations.configurations(of: tenant)
        let runs = try await service.stores.lists.latestRuns(
            ofEach: versions.map(\.configuration), of: tenant, limit: RunRecord.runsToRead)
        let document = ConfigurationVersion.listDocument(
            versions, labels: service.configurations.labels(of:),
            pauses: try await service.stores.pauses.pauses(of: tenant, at: service.time.now),
            records: runs.compactMapValues { RunRecord($0) })
        return .tagged(document, for: call)
    }

    private func show(_ call: APICall) async throws -> Response {
        let (id, tenant) = (try call.configurationID(), try call.granted().tenant)
        guard let version = try await service.stores.configurations.configuration(id, of: tenant) else {
            throw APIError.noSuchConfiguration
        }
        var response: Response
        if Self.wantsText(call.headers[.accept] ?? "") {
            response = .tagged(ByteBuffer(string: version.source.text), type: "application/yaml", for: call)
        } else {
            let pause = try await service.stores.pauses.pause(of: id, tenant: tenant, at: service.time.now)
            let definition = try? service.configurations.parsed(version)
            let document = version.document(labels: definition?.labels ?? RunLabels(), pause: pause, definition: definition)
            response = .tagged(document, for: call)
        }
        response.headers[.vary] = "Accept"
        return response
    }

    /// A JSON text is a YAML text too, so the answer is the stored text in either format.
    private static func wantsText(_ accept: String) -> Bool {
        accept.split(separator: ",").contains { item in
            let type = item.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
            return yamlTypes.contains(type)
        }
    }

    private static let yamlTypes: Set<String> = ["application/yaml", "application/x-yaml", "text/yaml"]

    private func save(_ call: APICall) async throws -> Response {
        let isDryRun = try call.parameters[ConfigurationEndpoints.dryRun] ?? false
        let id = try call.configurationID()
        let format: ConfigurationSource.Format
        switch call.mediaType {
        case "application/json": format = .json
        case let type? where Self.yamlTypes.contains(type): format = .yaml
        default:
            throw APIError(.unsupportedMediaType, "The body has to be application/yaml or application/json.")
        }
        let body = try await call.body(of: ConfigurationEndpoints.save)
        let file = try call.parameters[ConfigurationEndpoints.file] ?? id
        let directory = try call.parameters[ConfigurationEndpoints.directory]
        let code = try Self.code(of: call)
        var checked: CheckedConfiguration
        let grant = try call.granted()
        do {
            checked = try service.read(body.readableBytesView, format: format, directory: directory, file: file)
            guard checked.configuration.id == id else {
                throw APIError.invalid(
                    "The text has the id \"\(checked.configuration.id)\", but the path has another one. They have to be equal.")
            }
            try await service.check(checked, of: grant.tenant, file: file)
        } catch let problems as ConfigurationProblems {
            throw APIError.invalid(problems.description)
        }
        checked.source.code = code
        let configuration = checked.configuration
        let warnings = try await service.warnings(about: checked, of: grant.tenant, file: file).map(\.description)
        if isDryRun {
            let current = try await service.stores.configurations.configuration(id, of: grant.tenant)
            let check = ConfigurationCheck(
                id: id, name: configuration.name, type: configuration.type, labels: configuration.labels,
                change: .init(from: current, to: checked.source), warnings: warnings)
            return .json(check.document)
        }
        let now = service.time.now
        let saved = try await service.save(checked, of: grant.tenant, by: grant.key.principal, at: now)
        let pause = try await service.stores.pauses.pause(of: id, tenant: grant.tenant, at: now)
        func answer(warnings: [String]) -> ByteBuffer {
            saved.version.document(labels: configuration.labels, pause: pause, definition: configuration, warnings: warnings)
        }
        let document = answer(warnings: warnings)
        var response = Response.json(document, status: saved.change == .created ? .created : .ok)
        // The tag of what a GET answers.
        response.headers[.eTag] = EntityTag(of: answer(warnings: [])).text
        if saved.change == .created { response.headers[.location] = Paths.configuration(id) }
        return response
    }

    /// The code version in the query; nil when there is none.
    private static func code(of call: APICall) throws(APIError) -> CodeVersion? {
        let isDirty = try call.parameters[ConfigurationEndpoints.dirty]
        guard var code = try call.parameters[ConfigurationEndpoints.commit] else {
            guard isDirty == nil else { throw .invalid("dirty needs commit: it says how the directory differs from that commit.") }
            return nil
        }
        code.isDirty = isDirty ?? false
        return code
    }

    private func delete(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let id = try call.configurationID()
        guard try await service.stores.configurations.deleteConfiguration(id, of: tenant, at: service.time.now) else {
            throw APIError.noSuchConfiguration
        }
        return .empty(.noContent)
    }
}

extension APIError {
    static let noSuchConfiguration = APIError(.notFound, "There is no configuration with that id.")
}

extension APICall {
    /// The id of the configuration in the path.
    func configurationID() throws(APIError) -> String {
        guard let id = pathValues.first, Self.isPossibleID(id) else { throw .noSuchConfiguration }
        return id
    }
}
