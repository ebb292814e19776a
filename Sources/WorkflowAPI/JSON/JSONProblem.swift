/// What is wrong with a JSON text, and where in it: `task_instances[2].state: …`.
public struct JSONProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place, from the outermost value inwards; empty for the text as a whole.
    public var path: String
    /// One sentence that says what is wrong and what is accepted.
    public var message: String

    /// Whether the text is no JSON at all, so that a member's name says nothing about the place.
    private(set) var isSyntax = false

    public init(path: String = "", _ message: String) {
        self.path = path
        self.message = message
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
