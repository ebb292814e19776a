/// A problem in a configuration: its place, and what is accepted instead.
public struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that the caller gave to the text.
    public var file: String
    /// Counts from 1; nil when the problem has no line.
    public var line: Int?
    /// One or two sentences for the author of the configuration.
    public var message: String

    public init(file: String, line: Int?, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// `daily.yaml:12: …`
    public var description: String {
        guard let line else { return "\(file): \(message)" }
        return "\(file):\(line): \(message)"
    }
}

/// All problems of a configuration, in the order of its lines. Never empty.
public struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    public var problems: [ConfigurationProblem]

    public init(problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    /// One line per problem.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}

/// Collects problems while a text is read, so that its author sees all of them at once.
final class Complaints {
    private var found: [(line: Int?, message: String)] = []
    private var uncounted = 0
    /// Whether the text was accepted before, by the rules of that time. Then only its meaning is read, and rules are not checked
    /// again.
    let areOfAcceptedText: Bool

    init(ofAcceptedText areOfAcceptedText: Bool = false) {
        self.areOfAcceptedText = areOfAcceptedText
    }

    var isEmpty: Bool { found.isEmpty }

    /// Whether further problems are only counted, so that building their messages can be skipped.
    var isFull: Bool { found.count >= ConfigurationLimits.problems }

    /// Skips building messages beyond the limit, so that a text with a problem in every line costs no more.
    func add(_ line: Int?, _ message: @autoclosure () -> String) {
        guard found.count < 10 * ConfigurationLimits.problems else {
            uncounted += 1
            return
        }
        found.append((line, message()))
    }

    /// Sorted by line; problems without a line come first. Those beyond ``ConfigurationLimits/problems`` are only counted.
    func problems(in file: String) -> ConfigurationProblems {
        let sorted = found.enumerated()
            .sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
            .map { ConfigurationProblem(file: file, line: $0.element.line, message: $0.element.message) }
        guard sorted.count > ConfigurationLimits.problems else { return ConfigurationProblems(problems: sorted) }
        var shown = Array(sorted.prefix(ConfigurationLimits.problems))
        let rest = sorted.count - shown.count + uncounted
        shown.append(ConfigurationProblem(file: file, line: nil, message: "and \(rest) more problems. Fix the ones above first."))
        return ConfigurationProblems(problems: shown)
    }
}

extension StringProtocol {
    /// The text in backticks for a message: cut when it is long, with invisible characters escaped.
    var quoted: String {
        "`\(visible(upTo: 60))`"
    }
}

extension Sequence<String> {
    /// `a`, `b` or `c`.
    func listed(before last: String) -> String {
        let quoted = map(\.quoted)
        guard quoted.count > 1, let end = quoted.last else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " \(last) " + end
    }
}
