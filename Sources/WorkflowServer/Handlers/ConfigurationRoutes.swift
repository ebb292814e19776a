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
        let (source, configuration) = try read(body, format: format, directory: directory, file: file)
        guard configuration.id == id else {
            throw APIError.invalid(
                "The text has the id \"\(configuration.id)\", but the path has another one. They have to be equal.")
        }
        let grant = try call.granted()
        try await check(configuration, from: source, of: grant.tenant, file: file)
        let warnings =
            CredentialLiterals.warnings(in: source, file: file).map(\.description)
            + (try await missingSecrets(of: configuration, tenant: grant.tenant, file: file))
        if isDryRun {
            let current = try await service.stores.configurations.configuration(id, of: grant.tenant)
            let check = ConfigurationCheck(
                id: id, name: configuration.name, type: configuration.type, labels: configuration.labels,
                change: .init(from: current, to: source), warnings: warnings)
            return .json(check.document)
        }
        let now = service.time.now
        let saved = try await service.stores.configurations.saveConfiguration(
            ConfigurationDraft(
                version: ConfigurationVersionID(at: now, using: service.random), tenant: grant.tenant, configuration: id,
                name: configuration.name, type: configuration.type, source: source,
                hasSchedules: !configuration.schedules.isEmpty, author: grant.key.principal,
                concurrency: configuration.concurrency, alerts: configuration.alerts),
            at: now)
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

    private func read(
        _ body: ByteBuffer, format: ConfigurationSource.Format, directory: String?, file: String
    ) throws(APIError) -> (ConfigurationSource, WorkflowConfiguration) {
        do {
            let source = try ConfigurationSource(
                utf8: body.readableBytesView, format: format, directory: directory, file: file)
            return (source, try ConfigurationReader().read(source, file: file))
        } catch {
            throw .invalid(error.description)
        }
    }

    /// Checks the time zones, receivers and resources that a configuration names.
    /// - Throws: ``APIError`` (400) that names all unknown ones.
    private func check(
        _ configuration: WorkflowConfiguration, from source: ConfigurationSource, of tenant: Tenant, file: String
    ) async throws {
        var problems: [ConfigurationProblem] = []
        do throws(ConfigurationProblems) {
            _ = try ConfigurationReader(zones: service.zones).read(source, file: file)
        } catch {
            problems += error.problems
        }
        let places = ConfigurationPlaces(of: source)
        for (receiver, message) in try await service.alertReceivers.problems(with: configuration.alerts, of: tenant) {
            problems.append(ConfigurationProblem(file: file, line: places.line(ofReceiver: receiver), message: message))
        }
        if configuration.tasks.contains(where: { !$0.uses.isEmpty }) {
            let settings = try await service.stores.tenants.settings(of: tenant)
            problems += settings.complaints(about: configuration, file: file, places: places)?.problems ?? []
        }
        guard problems.isEmpty else {
            let sorted = problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
            throw APIError.invalid(ConfigurationProblems(problems: sorted).description)
        }
    }

    /// A secret may be set later, so that a missing one is a warning.
    private func missingSecrets(of configuration: WorkflowConfiguration, tenant: Tenant, file: String) async throws -> [String] {
        let names = configuration.secretNames
        guard !names.isEmpty else { return [] }
        let known = Set(try await service.stores.secrets.secrets(of: tenant).map { ExactText($0.name) })
        return names.filter { !known.contains($0) }.map {
            "\(file): The secret \($0.text.quoted) is not set. Tasks that name it fail until it is: weir secrets set \($0.text)."
        }
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
