import Logging
import WorkflowModel

/// An attempt with all that it takes to execute it, or why it cannot be executed.
enum PreparedAttempt: Sendable {
    case ready(TaskAttempt, any TaskRunner)
    /// The values that its task names cannot be had, or its condition has no result.
    case faulty(RunError, TaskDefinition)
    case unusable(UnusableVersion)
}

/// Turns a claimed task into an attempt: reads its definition and puts the values of its run in place of `${…}`.
struct AttemptPreparation: Sendable {
    let claimed: ClaimedTask
    let store: any WorkStore
    let runners: [ExecutionType: any TaskRunner]
    let definitions: DefinitionCache
    let secrets: any SecretSource
    let handle: AttemptHandle
    let retry: StoreRetry
    let metadata: Logger.Metadata

    /// - Returns: nil when the lease was lost or the store stayed unreachable until the shutdown.
    func prepared() async -> PreparedAttempt? {
        let lease = claimed.lease
        let read: Result<ReadVersion, UnusableVersion>? = await retry.answer(
            to: "reading the task's configuration", for: handle, metadata: metadata
        ) {
            do {
                return .success(try await definitions.version(claimed.version, of: lease.tenant))
            } catch let error as UnusableVersion {
                return .failure(error)
            }
        }
        switch read {
        case nil: return nil
        case .failure(let error)?: return .unusable(error)
        case .success(let version)?: return await prepared(version)
        }
    }

    private func prepared(_ version: ReadVersion) async -> PreparedAttempt? {
        guard let definition = version.definitions[claimed.definitionID] else {
            return .unusable(
                UnusableVersion(
                    message: "The configuration version \(claimed.version) has no task “\(claimed.definitionID)”."))
        }
        let type = definition.action.executionType
        guard let runner = runners[type] else {
            return .unusable(UnusableVersion(message: "This worker cannot execute tasks of type “\(type.rawValue)”."))
        }
        let references = definition.references
        guard let others = await outputs(beyondInputsFor: references, definition) else { return nil }
        guard let found = await secretValues(among: references) else { return nil }
        do throws(RunError) {
            let secrets = try found.get()
            let values = AttemptValues(
                of: context(version), parameters: claimed.parameters, outputs: claimed.inputs.merging(others) { own, _ in own },
                secrets: secrets, response: response, item: claimed.item, naming: references)
            // An attempt that goes on has passed its condition.
            if claimed.resumed == nil { try check(definition.gate, values) }
            var prepared = attempt(try substituted(definition, values), version)
            let former = self.secrets.formerValues(ofSecrets: Set(secrets.keys), of: claimed.lease.tenant)
            prepared.mask = SecretMask(secrets.sorted { $0.key < $1.key }.map(\.value) + former)
            return .ready(prepared, runner)
        } catch {
            return .faulty(error, definition)
        }
    }

    /// The store has decided the condition before it made the task ready. Only one without a result comes here.
    private func check(_ gate: ConditionExpression?, _ values: AttemptValues) throws(RunError) {
        do throws(ConditionFault) {
            guard let gate, try !gate.isTrue(values) else { return }
        } catch {
            throw .conditionFault(error)
        }
        throw .conditionIsFalse
    }

    private func substituted(_ definition: TaskDefinition, _ values: AttemptValues) throws(RunError) -> TaskDefinition {
        do throws(SubstitutionFault) {
            return try claimed.resumed == nil ? definition.substituted(from: values) : definition.substitutedToResume(from: values)
        } catch {
            throw .substitutionFault(error)
        }
    }

    /// Values of the reply that started the job that the attempt waits for.
    private var response: ResponseValues? {
        claimed.resumed.map { ResponseValues(json: JSONValue(json: $0.wait.memo.text.utf8)?["response"]) }
    }

    /// Outputs of tasks that the task needs through others. Most tasks name none.
    private func outputs(
        beyondInputsFor references: [Reference], _ definition: TaskDefinition
    ) async -> [String: JSONText]? {
        let named = Set(references.filter { $0.root == .outputs }.map(\.name))
        let others = named.filter { claimed.inputs[$0] == nil && !definition.needs.contains($0) }
        guard !others.isEmpty else { return [:] }
        return await retry.answer(to: "reading outputs that the task names", for: handle, metadata: metadata) {
            try await store.outputs(ofTasks: others, for: claimed.lease)
        }
    }

    /// Secrets that the task names, decrypted for this attempt alone. Most tasks name none.
    /// - Returns: nil when the lease was lost or the store stayed unreachable until the shutdown.
    private func secretValues(among references: [Reference]) async -> Result<[ExactText: SecretValue], RunError>? {
        let names = Set(references.filter { $0.root == .secrets }.map { ExactText($0.name) })
        guard !names.isEmpty else { return .success([:]) }
        let read: Result<[ExactText: SecretValue], RunError>? = await retry.answer(
            to: "reading secrets that the task names", for: handle, metadata: metadata
        ) {
            do {
                return .success(try await secrets.values(ofSecrets: names, of: claimed.lease.tenant))
            } catch let error as SecretsUnavailable {
                return .failure(.secretsUnavailable(error))
            }
        }
        return read?.flatMap { found in
            let missing = names.filter { found[$0] == nil }.map(\.text).sorted()
            guard missing.isEmpty else { return .failure(.missingSecrets(missing)) }
            let size = found.values.reduce(0) { $0 + $1.text.utf8.count }
            return size <= SecretRule.longestOfTask ? .success(found) : .failure(.tooManySecrets(bytes: size))
        }
    }

    private func context(_ version: ReadVersion) -> RunContext {
        RunContext(
            id: claimed.lease.run, tenant: claimed.lease.tenant.name, configuration: version.configuration, name: version.name,
            createdAt: claimed.runCreatedAt, mode: claimed.runMode, range: claimed.range, scheduledFor: claimed.scheduledFor)
    }

    private func attempt(_ definition: TaskDefinition, _ version: ReadVersion) -> TaskAttempt {
        let lease = claimed.lease
        return TaskAttempt(
            tenant: lease.tenant, run: lease.run, task: lease.task, number: lease.attempt,
            configuration: version.configuration, definition: definition, directory: version.directory,
            runMode: claimed.runMode, range: claimed.range, scheduledFor: claimed.scheduledFor,
            parameters: claimed.parameters, inputs: claimed.inputs, soFar: claimed.soFar, item: claimed.item,
            resumed: claimed.resumed)
    }
}

/// The source of an engine without secrets.
struct NoSecrets: SecretSource {
    func values(ofSecrets names: Set<ExactText>, of tenant: Tenant) async throws -> [ExactText: SecretValue] { [:] }
}

extension RunError {
    /// A mistake of the operator: the node needs another key.
    static func secretsUnavailable(_ error: SecretsUnavailable) -> RunError {
        RunError(attribution: .platform, type: "weir.worker/secrets", message: error.message)
    }

    static func missingSecrets(_ names: [String]) -> RunError {
        let subject = names.count == 1 ? "The secret \(names[0]) is" : "The secrets \(names.joined(separator: ", ")) are"
        return RunError(
            attribution: .customer, type: "weir.task/secret",
            message:
                "\(subject) not set. Set \(names.count == 1 ? "it with weir secrets set \(names[0])" : "them with weir secrets set NAME"), "
                + "then run the task again.")
    }

    static func tooManySecrets(bytes: Int) -> RunError {
        RunError(
            attribution: .customer, type: "weir.task/secret",
            message: "The secrets of the task have \(bytes) bytes. Accepted: \(SecretRule.longestOfTask) at most.")
    }

    /// The workflow names a value that is not there, or that does not fit: a mistake of its author, or of the task that gave the value.
    static func substitutionFault(_ fault: SubstitutionFault) -> RunError {
        RunError(attribution: .customer, type: "weir.task/value", message: fault.message)
    }

    static func conditionFault(_ fault: ConditionFault) -> RunError {
        RunError(attribution: .customer, type: "weir.task/condition", message: fault.message)
    }

    /// Outputs that a person has changed since, by settling a task in another way.
    static let conditionIsFalse = RunError(
        attribution: .customer, type: "weir.task/condition",
        message: "The condition of the task is not true any longer, so that it did not run.")
}
