import Crypto
import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// The list of workflows, and Run now.
struct ConfiguredRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let place = PageAddress.configured + "/{id}/run"
        return [
            PageRoute(.get, PageAddress.configured, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, PageAddress.configured + "/live", .policy(.viewer)) { call in try await follow(call) },
            PageRoute(.get, place, .policy(.operator)) { call in try await ask(call) },
            PageRoute(.post, place, .policy(.operator)) { call in try await start(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let page = try await page(for: call)
        let look = page.look(with: service.pages)
        service.looks.remember(look)
        return .html(service.pages.document(page.followed(from: look), for: visitor))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let pages = service.pages
        return try await EventStream(service: service).response(to: call) {
            seen.step(to: try await page(for: call).look(with: pages))
        }
    }

    private func page(for call: PageCall) async throws -> ConfiguredPage {
        let visitor = try call.known()
        let choice = try WorkflowChoice(text: call.parameter("q") ?? "", show: call.parameter("show"))
        let versions = try await service.stores.configurations.configurations(of: visitor.tenant)
        let runs = try await service.stores.lists.latestRuns(
            ofEach: versions.map(\.configuration), of: visitor.tenant, limit: ConfiguredPage.runsOfEach)
        let pauses = try await service.stores.pauses.pauses(of: visitor.tenant, at: service.now)
        let now = service.now
        return ConfiguredPage(
            versions.map {
                // A version that this program cannot read is listed without a schedule and labels.
                let parsed = try? service.api.configurations.parsed($0)
                let pause = pauses[$0.configuration]
                return ConfiguredWorkflow(
                    version: $0, schedules: parsed?.schedules ?? [], triggers: parsed?.triggers ?? [],
                    next: service.next(parsed?.schedules ?? [], during: pause, at: now), labels: parsed?.labels ?? RunLabels(),
                    pause: pause, runs: runs[$0.configuration] ?? [])
            }, choice: choice, for: visitor)
    }

    private func ask(_ call: PageCall) async throws -> Response {
        let (visitor, version) = (try call.known(), try await service.version(of: call))
        var fields = StartFields(once: Base64URL.encode(service.api.random.bytes(18)))
        let configuration = try service.api.configurations.parsed(version)
        if !configuration.parameters.isEmpty {
            let runs = try await service.stores.lists.latestRuns(ofEach: [version.configuration], of: visitor.tenant, limit: 1)
            let last = runs[version.configuration]?.first?.run.origin.parameters ?? RunParameters()
            fields.parameters = configuration.parametersToStartWith(after: last)
        }
        return try await form(version, fields, isRemembered: true, for: call)
    }

    private func start(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let version = try await service.version(of: call)
        var fields = StartFields(
            runMode: try call.field("run_mode"), from: try call.field("range_from"), to: try call.field("range_to"),
            labels: try call.field("labels"), notify: try call.field("notify"), once: try call.field("once"))
        do {
            let configuration = try service.api.configurations.parsed(version)
            for definition in configuration.parameters {
                fields.parameters[ExactText(definition.name)] = try call.field(StartFields.parameterPrefix + definition.name)
            }
            let request = RunRequest(
                principal: Principal(id: visitor.key, name: visitor.name), runMode: try Self.mode(fields),
                range: try Self.range(fields), labels: try Self.labels(fields),
                parameters: try Self.parameters(fields, of: configuration))
            let notified = fields.notify.isEmpty ? [] : [fields.notify]
            try await service.api.checkNotified(notified, of: visitor.tenant)
            var plan: RunPlan
            do {
                plan = try RunPlan(configuration, version: version, for: request, at: service.now, random: service.api.random)
            } catch {
                guard case .nothingToRun(let problem) = error else { throw APIError(error) }
                throw APIError.invalid(
                    "The run mode \(problem.runMode.rawValue) includes no task of this workflow; choose another one.")
            }
            plan.notifiedReceivers = notified
            let created = try await service.stores.runs.createRun(plan, once: Self.key(fields, of: visitor))
            return .seeOther(PageAddress.run(created.details.run.id))
        } catch let problem as APIError where problem.kind == .invalid || problem.kind == .conflict {
            return try await form(version, fields, problem: problem, for: call)
        }
    }

    /// Submitting the same form twice starts one run. A form with other values is another request.
    private static func key(_ fields: StartFields, of visitor: Visitor) -> IdempotencyKey? {
        guard !fields.once.isEmpty, fields.once.utf8.count <= Limits.idempotencyKey / 2 else { return nil }
        let parameters = fields.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let filled = ([fields.runMode, fields.from, fields.to, fields.labels, fields.notify] + parameters).joined(separator: "\n")
        let hash = Array(SHA256.hash(data: Array(filled.utf8)))
        return IdempotencyKey(
            owner: visitor.key, text: "page:\(fields.once):\(Base64URL.encode(hash.prefix(12)))", fingerprint: hash)
    }

    private static func mode(_ fields: StartFields) throws(APIError) -> RunMode? {
        guard !fields.runMode.isEmpty else { return nil }
        guard let mode = RunMode(rawValue: fields.runMode) else {
            throw .invalid("Unknown run mode. Accepted: \(RunMode.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return mode
    }

    /// The fields that are filled in. Only a value of the type `json` is read as JSON.
    private static func parameters(
        _ fields: StartFields, of configuration: WorkflowConfiguration
    ) throws(APIError) -> RunParameters {
        var values: [(name: String, value: JSONValue)] = []
        for definition in configuration.parameters {
            guard let text = fields.parameters[ExactText(definition.name)], !text.isEmpty else { continue }
            guard definition.kind == .json else {
                values.append((definition.name, .string(text)))
                continue
            }
            guard let value = JSONValue(json: text.utf8) else {
                throw .invalid("The parameter \(definition.name) is not valid JSON; a text stands in double quotes.")
            }
            values.append((definition.name, value))
        }
        return RunParameters(values)
    }

    private static func labels(_ fields: StartFields) throws(APIError) -> RunLabels {
        var labels: [RunLabel] = []
        for text in fields.labels.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init) {
            guard let label = RunLabel(typed: text) else {
                throw .invalid(
                    "\(text.quoted) is not a label. Accepted: key=value with a key of \(RunLabel.acceptedKeys), and a value of "
                        + "\(RunLabel.acceptedValues).")
            }
            guard !labels.contains(where: { $0.key == label.key }) else {
                throw .invalid("The label \(label.key) stands there twice. A run has one value of each key.")
            }
            labels.append(label)
        }
        return RunLabels(labels)
    }

    private static func range(_ fields: StartFields) throws(APIError) -> TimeWindow? {
        func instant(_ text: String, _ name: String) throws(APIError) -> Timestamp? {
            guard !text.isEmpty else { return nil }
            guard let instant = Timestamp(iso8601: text) else {
                throw .invalid("\(name) is not a date; one looks like 2024-04-01T09:30.")
            }
            return instant
        }
        let from = try instant(fields.from, "From")
        let to = try instant(fields.to, "To")
        if from == nil, to != nil { throw .invalid("To is set without From; fill in both, or From alone for one day.") }
        if let from, let to, to < from { throw .invalid("To is before From; a range ends after it starts.") }
        return try StartRequest.range(from: from, to: to)
    }

    private func form(
        _ version: ConfigurationVersion, _ fields: StartFields, isRemembered: Bool = false, problem: APIError? = nil,
        for call: PageCall
    ) async throws -> Response {
        let visitor = try call.known()
        let configuration = try service.api.configurations.parsed(version)
        let receivers = try await service.stores.alerts.receivers(of: visitor.tenant).filter { $0.disabledAt == nil }.map(\.name)
        let page = StartPage(
            version, configuration, fields: fields, receivers: receivers, isRemembered: isRemembered, problem: problem?.message,
            for: visitor)
        return .html(service.pages.document(page, for: visitor), status: .init(code: problem?.kind.rawValue ?? 200))
    }
}
