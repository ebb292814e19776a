import WorkflowModel

/// The secrets of a run without a service.
struct LocalSecrets: SecretSource {
    /// Given on the command line, as files.
    var given: [ExactText: SecretValue] = [:]
    /// The environment of the program.
    var variables: [String: String] = [:]

    /// The variable that holds a secret: `WEIR_SECRET_DEPLOY_KEY` for `deploy-key`. Commands never inherit it.
    static func variable(of name: String) -> String {
        "WEIR_SECRET_" + name.uppercased().replacing("-", with: "_")
    }

    func values(ofSecrets names: Set<ExactText>, of tenant: Tenant) async throws -> [ExactText: SecretValue] {
        var values: [ExactText: SecretValue] = [:]
        for name in names { values[name] = try value(name.text) }
        return values
    }

    /// Checks that the tasks of a run have their secrets, before one of them begins.
    /// - Throws: ``CommandFailure`` that names a secret and how to give it.
    func check(_ tasks: [TaskDefinition]) throws(CommandFailure) {
        var named: Set<ExactText> = []
        for task in tasks {
            for reference in task.references where reference.root == .secrets && named.insert(reference.name) {
                guard try value(reference.name) == nil else { continue }
                throw CommandFailure(
                    .data,
                    "The task \(HumanText.printable(task.id)) needs the secret \(reference.name). Give it as a file with --secret "
                        + "\(reference.name)=@FILE, from standard input with --secret \(reference.name)=@-, or in the variable "
                        + "\(Self.variable(of: reference.name)).")
            }
        }
        guard let other = given.keys.sorted().first(where: { !named.contains($0) }) else { return }
        let accepted = named.isEmpty ? "They name none." : "They name \(named.sorted().map(\.text).joined(separator: ", "))."
        throw CommandFailure(.data, "--secret gives \(other.text), which no task of this run names. \(accepted)")
    }

    private func value(_ name: String) throws(CommandFailure) -> SecretValue? {
        if let value = given[name] { return value }
        let variable = Self.variable(of: name)
        guard let text = variables[variable] else { return nil }
        do throws(SecretValueError) {
            return try SecretValue(input: text.utf8)
        } catch {
            throw CommandFailure(.data, "The value of the secret \(name) in \(variable) \(error.problem).")
        }
    }
}
