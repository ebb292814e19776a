import ArgumentParser
import TaskRunners
import WorkflowModel

/// A value of `--outputs`: the outputs of a task that does not run.
struct GivenOutputs: Hashable {
    enum Source: Hashable {
        /// The path of a file.
        case file(String)
        case text(String)
    }

    var task: String
    var source: Source

    /// The outputs by task. Blocks.
    /// - Throws: ``CommandFailure`` for a file that cannot be read, or has something else than an object.
    static func values(_ given: [GivenOutputs]) throws(CommandFailure) -> [ExactText: JSONText] {
        var values: [ExactText: JSONText] = [:]
        for one in given { values[ExactText(one.task)] = try one.value() }
        return values
    }

    private func value() throws(CommandFailure) -> JSONText {
        let limit = CommandLimits.outputFile
        let (name, bytes): (String, [UInt8])
        switch source {
        case .file(let path):
            name = HumanText.printable(path)
            bytes = try BoundedFile(path, upTo: limit, called: name).bytes
        case .text(let text): (name, bytes) = ("--outputs", Array(text.utf8))
        }
        guard bytes.count <= limit else {
            throw CommandFailure(.data, "\(name) has more than \(limit) bytes. A task has at most that many bytes of outputs.")
        }
        if let fault = JSONFault(in: bytes) { throw CommandFailure(.data, "\(name) is not valid JSON: \(fault).") }
        guard let value = JSONValue(json: bytes), case .object = value else {
            throw CommandFailure(.data, "\(name) has to be a JSON object: the outputs of \(HumanText.printable(task)).")
        }
        return JSONText(validated: value.text)
    }
}

extension Reading {
    /// `load=@outputs.json` or `load={"rows":3}`.
    @Sendable static func givenOutputs(_ text: String) throws -> GivenOutputs {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[1] != "@" else {
            throw ValidationError("Accepted: task=@file.json, or task= and a JSON object.")
        }
        let source: GivenOutputs.Source = parts[1].hasPrefix("@") ? .file(String(parts[1].dropFirst())) : .text(parts[1])
        return GivenOutputs(task: parts[0], source: source)
    }
}
