/// Terms of a search that exclude, such as `-type:bridge.sync` and `-failed`, at the beginning of an argument.
///
/// The parser takes them for options of one letter. A space before such a term keeps it an argument, and means nothing in a search.
enum ExcludedTerms {
    private static let verbs = [["runs"], ["views", "save"]]

    /// - Parameter arguments: those of the program, without its name.
    static func marked(_ arguments: [String]) -> [String] {
        guard verbs.contains(where: { arguments.starts(with: $0) }) else { return arguments }
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.enumerated().map { index, argument in
            // After the name of an option, it is the option's value.
            guard index < end, index > 0, !arguments[index - 1].hasPrefix("--"), isTerm(argument) else { return argument }
            return " " + argument
        }
    }

    /// `-key:value` or `-word`. No option has several letters after a single hyphen.
    private static func isTerm(_ argument: String) -> Bool {
        let term = argument.dropFirst()
        return argument.hasPrefix("-") && term.first?.isLetter == true && term.count > 1
    }
}
