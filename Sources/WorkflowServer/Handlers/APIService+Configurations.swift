import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// A configuration that was read from its text, and found to be right.
struct CheckedConfiguration {
    var source: ConfigurationSource
    var configuration: WorkflowConfiguration
}

extension APIService {
    /// Reads a text, and checks its own rules.
    /// - Parameter file: the name of the text in problems.
    func read(
        _ text: some Collection<UInt8>, format: ConfigurationSource.Format, directory: String?, file: String
    ) throws(ConfigurationProblems) -> CheckedConfiguration {
        let source = try ConfigurationSource(utf8: text, format: format, directory: directory, file: file)
        return CheckedConfiguration(source: source, configuration: try ConfigurationReader().read(source, file: file))
    }

    /// Checks the time zones, receivers and resources that a configuration names.
    /// - Throws: ``ConfigurationProblems`` with all unknown ones.
    func check(_ checked: CheckedConfiguration, of tenant: Tenant, file: String) async throws {
        var problems: [ConfigurationProblem] = []
        do throws(ConfigurationProblems) {
            _ = try ConfigurationReader(zones: zones).read(checked.source, file: file)
        } catch {
            problems += error.problems
        }
        let configuration = checked.configuration
        let places = ConfigurationPlaces(of: checked.source)
        for (receiver, message) in try await alertReceivers.problems(with: configuration.alerts, of: tenant) {
            problems.append(ConfigurationProblem(file: file, line: places.line(ofReceiver: receiver), message: message))
        }
        if configuration.tasks.contains(where: { !$0.uses.isEmpty }) {
            let settings = try await stores.tenants.settings(of: tenant)
            problems += settings.complaints(about: configuration, file: file, places: places)?.problems ?? []
        }
        problems += try await cycles(through: configuration, of: tenant, file: file, places: places)
        guard problems.isEmpty else {
            throw ConfigurationProblems(problems: problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
    }

    /// Workflows that call each other in a circle, with this version of one of them.
    private func cycles(
        through configuration: WorkflowConfiguration, of tenant: Tenant, file: String, places: ConfigurationPlaces
    ) async throws -> [ConfigurationProblem] {
        let own = configuration.calledWorkflows
        guard !own.isEmpty else { return [] }
        let cycle = try await WorkflowCallCycle.find(from: configuration.id) { id in
            if id.isIdentical(to: configuration.id) { return own }
            guard let version = try await stores.configurations.configuration(id, of: tenant) else { return [] }
            return (try? configurations.parsed(version))?.calledWorkflows ?? []
        }
        guard let cycle else { return [] }
        let message = cycle.message.prefix(1).uppercased() + cycle.message.dropFirst() + "."
        return [ConfigurationProblem(file: file, line: places.line(ofCalledWorkflow: cycle.chain[1]), message: message)]
    }

    /// Called workflows that do not exist: they may be applied later.
    private func unknownCalls(
        in checked: CheckedConfiguration, of tenant: Tenant, file: String
    ) async throws -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        for id in checked.configuration.calledWorkflows
        where try await stores.configurations.configuration(id, of: tenant) == nil {
            problems.append(
                ConfigurationProblem(
                    file: file, line: ConfigurationPlaces(of: checked.source).line(ofCalledWorkflow: id),
                    message: "There is no workflow \(id.quoted). Tasks that call it fail until it is applied."))
        }
        return problems
    }

    /// Texts that look like a credential; secrets that are not set, and workflows of calls and triggers that do not exist: they may
    /// come later.
    func warnings(
        about checked: CheckedConfiguration, of tenant: Tenant, file: String
    ) async throws -> [ConfigurationProblem] {
        var warnings =
            try await CredentialLiterals.warnings(in: checked.source, file: file)
            + unknownCalls(in: checked, of: tenant, file: file)
        warnings += try await self.warnings(aboutTriggersOf: checked, of: tenant, file: file)
        let names = checked.configuration.secretNames
        guard !names.isEmpty else { return warnings }
        let known = Set(try await stores.secrets.secrets(of: tenant).map { ExactText($0.name) })
        return warnings
            + names.filter { !known.contains($0) }.map { name in
                ConfigurationProblem(
                    file: file, line: nil,
                    message:
                        "The secret \(name.text.quoted) is not set. Tasks and webhooks that name it fail until it is: weir secrets set "
                        + "\(name.text).")
            }
    }

    private func warnings(
        aboutTriggersOf checked: CheckedConfiguration, of tenant: Tenant, file: String
    ) async throws -> [ConfigurationProblem] {
        var warnings: [ConfigurationProblem] = []
        for trigger in checked.configuration.afterTriggers
        where try await stores.configurations.configuration(trigger.source, of: tenant) == nil {
            warnings.append(
                ConfigurationProblem(
                    file: file, line: ConfigurationPlaces(of: checked.source).line(ofSource: trigger.source),
                    message:
                        "A trigger comes after \(trigger.source.quoted), and the tenant has no configuration with that id. It starts "
                        + "runs once there is one."))
        }
        return warnings
    }

    /// Stores a configuration as the newest version, unless it is that one.
    func save(
        _ checked: CheckedConfiguration, of tenant: Tenant, by author: Principal, at now: Timestamp
    ) async throws -> SavedConfiguration {
        let configuration = checked.configuration
        return try await stores.configurations.saveConfiguration(
            ConfigurationDraft(
                version: ConfigurationVersionID(at: now, using: random), tenant: tenant, configuration: configuration.id,
                name: configuration.name, type: configuration.type, source: checked.source,
                hasSchedules: !configuration.schedules.isEmpty, author: author, concurrency: configuration.concurrency,
                alerts: configuration.alerts, triggers: configuration.afterTriggers),
            at: now)
    }
}
