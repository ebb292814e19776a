/// One thing that is wrong with a configuration: where, and what is accepted instead.
public struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that the text was given by whoever had it read.
    public var file: String
    /// Counts from 1; nil when it is not about a line.
    public var line: Int?
    /// One sentence or two, for the configuration's owner.
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

/// Everything that is wrong with a configuration, in the order of its lines. Never empty.
public struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    public var problems: [ConfigurationProblem]

    public init(problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    /// A line for each.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}

/// Gathers what is wrong while a text is read, so that its owner hears of everything at once.
final class Complaints {
    private var found: [(line: Int?, message: String)] = []
    private var uncounted = 0

    var isEmpty: Bool { found.isEmpty }

    /// Whether what is added now will only be counted, so that no effort need go into it.
    var isFull: Bool { found.count >= ConfigurationLimits.problems }

    /// A text that is wrong everywhere costs no more than one that is wrong in a thousand places.
    func add(_ line: Int?, _ message: @autoclosure () -> String) {
        guard found.count < 10 * ConfigurationLimits.problems else {
            uncounted += 1
            return
        }
        found.append((line, message()))
    }

    /// Sorted by line; what is not about a line comes first. More than ``ConfigurationLimits/problems`` are only counted.
    func problems(in file: String) -> ConfigurationProblems {
        let sorted = found.enumerated()
            .sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
            .map { ConfigurationProblem(file: file, line: $0.element.line, message: $0.element.message) }
        guard sorted.count > ConfigurationLimits.problems else { return ConfigurationProblems(problems: sorted) }
        var shown = Array(sorted.prefix(ConfigurationLimits.problems))
        let rest = sorted.count - shown.count + uncounted
        shown.append(ConfigurationProblem(file: file, line: nil, message: "and \(rest) more of these; mend the ones above first."))
        return ConfigurationProblems(problems: shown)
    }
}

extension StringProtocol {
    /// The text as a message quotes it: in backticks, cut when it is long, with nothing in it that moves a cursor.
    var quoted: String {
        var shown = ""
        for (place, scalar) in unicodeScalars.enumerated() {
            if place == 60 {
                shown += "…"
                break
            }
            shown += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "`\(shown)`"
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
