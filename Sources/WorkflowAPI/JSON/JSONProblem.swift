import WorkflowModel

/// A problem of a JSON text and its place: `task_instances[2].state: …`.
public struct JSONProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place, from the outermost value inwards; empty for the text as a whole.
    public var path: String
    /// One sentence that says what is wrong and what is accepted.
    public var message: String

    /// Whether the text is not JSON, so that the name of a member does not tell the place.
    private(set) var isSyntax = false

    public init(path: String = "", _ message: String) {
        self.path = path
        self.message = message
    }

    /// A member that the object does not have.
    static func unknownMember(_ name: String, accepted: [String]) -> JSONProblem {
        JSONProblem("is unknown.\(hint(for: name, among: accepted)) Accepted: \(accepted.joined(separator: ", "))")
    }

    /// A text that is not one of a few words.
    static func unknownWord(_ text: String, accepted: [String]) -> JSONProblem {
        JSONProblem("is \(text.quoted).\(hint(for: text, among: accepted)) Accepted: \(accepted.joined(separator: ", "))")
    }

    private static func hint(for text: String, among accepted: [String]) -> String {
        suggestion(for: text, among: accepted).map { " Did you mean \($0)?" } ?? ""
    }

    var asSyntax: JSONProblem {
        var problem = self
        problem.isSyntax = true
        return problem
    }

    public var description: String {
        path.isEmpty ? message : "\(path): \(message)"
    }

    /// The same problem, seen from the object or array around it.
    func inside(_ step: String) -> JSONProblem {
        if path.isEmpty { return JSONProblem(path: step, message) }
        return JSONProblem(path: path.hasPrefix("[") ? step + path : "\(step).\(path)", message)
    }
}
