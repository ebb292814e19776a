import ArgumentParser
import Foundation
import WorkflowModel

/// The secrets of a run without a service: from files, standard input or the environment, never from the command line itself.
struct LocalSecretOptions: ParsableArguments {
    // Read later, because the parser's own messages repeat the value.
    @Option(
        help: ArgumentHelp(
            "Secret that tasks name, from a file; @- for standard input; may be repeated. (default: WEIR_SECRET_NAME in the "
                + "environment)",
            valueName: "name=@file"))
    var secret: [String] = []

    /// - Parameter file: the configuration file, which may be standard input.
    /// - Throws: a usage error that does not repeat a value.
    func check(besides file: String) throws {
        let given = try secret.map(GivenSecret.init(argument:))
        if let name = given.map(\.name).firstRepeated {
            throw ValidationError("--secret gives \(name) twice. Give each secret one value.")
        }
        let inputs = given.count { $0.path == nil } + (file == ConfigurationFile.standardInput ? 1 : 0)
        guard inputs <= 1 else { throw ValidationError("Standard input (-) can be read only once.") }
    }

    /// Blocks.
    /// - Throws: ``CommandFailure`` for a file that cannot be read, or that has no value of a secret.
    static func values(_ arguments: [String]) throws -> [ExactText: SecretValue] {
        var values: [ExactText: SecretValue] = [:]
        for given in try arguments.map(GivenSecret.init(argument:)) { values[given.name] = try given.value() }
        return values
    }
}

/// A value of `--secret`.
private struct GivenSecret {
    var name: String
    /// nil for standard input.
    var path: String?

    /// - Throws: a usage error that does not repeat the text, which may be a value.
    init(argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard SecretRule.accepts(name: parts[0]) else {
            throw ValidationError(
                "--secret needs name=@file, with a name of \(SecretRule.nameWords.replacing("`", with: "")).")
        }
        guard parts.count == 2, parts[1].utf8.count > 1, parts[1].hasPrefix("@") else {
            throw ValidationError(
                "--secret \(parts[0])= takes its value from a file, never from the command line, which other users can see. "
                    + "Accepted: \(parts[0])=@file, or \(parts[0])=@- for standard input.")
        }
        name = parts[0]
        path = parts[1] == "@-" ? nil : String(parts[1].dropFirst())
    }

    func value() throws -> SecretValue {
        if path == nil, isatty(STDIN_FILENO) == 1 {
            throw CommandFailure(
                .usage, "The value would be shown while it is typed. Pipe it in, or name a file: --secret \(name)=@FILE.")
        }
        let place = path.map { HumanText.printable($0) } ?? "Standard input"
        let read = try BoundedFile(path, upTo: SecretRule.longestValue + 2, called: place)
        do throws(SecretValueError) {
            return try SecretValue(input: read.bytes)
        } catch {
            throw CommandFailure(
                .data, "The value of the secret \(name) in \(path == nil ? "standard input" : place) \(error.problem).")
        }
    }
}

extension Array where Element == String {
    fileprivate var firstRepeated: String? {
        let sorted = self.sorted()
        return zip(sorted, sorted.dropFirst()).first { $0.isIdentical(to: $1) }?.0
    }
}
