import ArgumentParser
import WorkflowModel

/// The parameters of new runs.
struct ParameterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Parameter of the run; may be repeated. name:=value gives a JSON value, @file.json all members of an object in a file.",
            valueName: "name=value"),
        transform: Reading.parameter)
    var param: [GivenParameter] = []

    /// - Throws: a usage error for a name that is given twice.
    func check() throws {
        let names = param.compactMap(\.name)
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("--param gives \(HumanText.printable(name)) twice. Give each parameter one value.")
        }
        guard names.count <= ParameterLimits.count else {
            throw ValidationError("--param appears \(names.count) times. Accepted: \(ParameterLimits.count) parameters at most.")
        }
    }

    /// The values; those on the command line win over those in files, and later files over earlier ones. Blocks.
    /// - Throws: ``CommandFailure`` for a file that cannot be read, or has something else than an object.
    func values() throws(CommandFailure) -> RunParameters {
        var values = RunParameters()
        for case .file(let path) in param { values = values.merging(try Self.read(path)) }
        let given = param.compactMap { given -> (name: String, value: JSONValue)? in
            guard case .value(let name, let value) = given else { return nil }
            return (name: name, value: value)
        }
        return values.merging(RunParameters(given))
    }

    private static func read(_ path: String) throws(CommandFailure) -> RunParameters {
        let name = HumanText.printable(path)
        let file = try BoundedFile(path, upTo: ParameterLimits.bytes, called: name)
        guard file.bytes.count <= ParameterLimits.bytes else {
            throw CommandFailure(.data, "\(name) has more than \(ParameterLimits.bytes) bytes. Parameters have at most that many.")
        }
        if let fault = JSONFault(in: file.bytes) { throw CommandFailure(.data, "\(name) is not valid JSON: \(fault).") }
        guard let values = JSONValue(json: file.bytes).flatMap({ RunParameters($0) }) else {
            throw CommandFailure(.data, "\(name) has to be a JSON object whose members are parameters, each once.")
        }
        if let excess = values.excess { throw CommandFailure(.data, "The parameters in \(name) \(excess).") }
        return values
    }
}

/// A value of `--param`.
enum GivenParameter: Hashable {
    case value(name: String, JSONValue)
    /// The path of a file.
    case file(String)

    var name: String? {
        if case .value(let name, _) = self { return name }
        return nil
    }
}

extension Reading {
    /// `day=2026-11-01`, `files:=["a","b"]` or `@parameters.json`.
    @Sendable static func parameter(_ text: String) throws -> GivenParameter {
        if text.hasPrefix("@"), text.utf8.count > 1 { return .file(String(text.dropFirst())) }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isJSON = parts[0].hasSuffix(":")
        let name = isJSON ? String(parts[0].dropLast()) : parts[0]
        guard parts.count == 2, RunParameters.isName(name) else {
            throw ValidationError(
                "Accepted: name=value, name:=JSON or @file.json, with a name of \(RunParameters.acceptedNames).")
        }
        guard isJSON else { return .value(name: name, .string(parts[1])) }
        guard let value = JSONValue(json: parts[1].utf8) else {
            throw ValidationError("\(HumanText.printable(parts[1])) is not a JSON value. For a text, write \(name)=value.")
        }
        return .value(name: name, value)
    }
}
