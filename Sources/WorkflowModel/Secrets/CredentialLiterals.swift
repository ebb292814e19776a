/// Finds texts in a configuration that look like passwords and tokens. Everyone who may read the workflow sees them.
///
/// A guess, and so a warning: a configuration with such a text is accepted.
public enum CredentialLiterals {
    /// Warnings about one text.
    public static let most = 20
    /// Bytes of a value behind a name such as `password`; shorter ones are rarely secrets.
    static let shortestValue = 8

    /// In the order of lines. No warning quotes a value.
    public static func warnings(in source: ConfigurationSource, file: String) -> [ConfigurationProblem] {
        guard let root = ConfigurationReader.tree(source, Complaints()) else { return [] }
        var finder = Finder()
        finder.look(at: root, name: nil)
        return finder.found.prefix(most).map { place in
            ConfigurationProblem(
                file: file, line: place.line,
                message:
                    "\(place.words) looks like a credential, which everyone sees who may read the workflow. Keep it as a secret: "
                    + "weir secrets set NAME, and `${secrets.NAME}` in its place.")
        }
    }

    private struct Finder {
        var found: [(line: Int, words: String)] = []

        /// - Parameter name: of the member that has the value; of a list, for all of its items.
        mutating func look(at node: SourceNode, name: String?) {
            switch node.content {
            case .scalar(let text, _):
                let isNamed = name.map { CredentialLiterals.isCredential(named: $0) && CredentialLiterals.isLiteral(text) } ?? false
                if isNamed || CredentialLiterals.hasCredential(text) {
                    add(node.line, name.map { "`\($0.visible(upTo: 60))`" } ?? "This text")
                }
            case .list(let items):
                var option: String?
                for item in items {
                    guard case .scalar(let text, _) = item.content else {
                        look(at: item, name: nil)
                        continue
                    }
                    if CredentialLiterals.isCredential(item: text, after: option) {
                        add(item.line, name.map { "An item of `\($0.visible(upTo: 60))`" } ?? "An item")
                    }
                    option = text
                }
            case .mapping(let entries):
                // The header of an HTTP task may be written as name and value.
                for entry in entries { look(at: entry.value, name: entry.name) }
            }
        }

        private mutating func add(_ line: Int, _ words: String) {
            found.append((line, words))
        }
    }
}

extension CredentialLiterals {
    /// An item of a command: with its own name, behind an option with one, or of a known form.
    static func isCredential(item: String, after option: String?) -> Bool {
        if hasCredential(item) { return true }
        if let separator = item.firstIndex(of: "=") {
            let name = item[..<separator].drop { $0 == "-" }
            if isCredential(named: String(name)), isLiteral(String(item[item.index(after: separator)...])) { return true }
        }
        guard let option, option.hasPrefix("--"), !item.hasPrefix("-") else { return false }
        return isCredential(named: String(option.dropFirst(2))) && isLiteral(item)
    }

    /// Whether a name says that its value is a credential: `db_password`, `X-Api-Key`, `apiKey`, but not `token_url`.
    static func isCredential(named name: String) -> Bool {
        guard name.utf8.count <= 200 else { return false }
        let words = words(of: name)
        guard let last = words.last else { return false }
        if single.contains(last) { return true }
        return last == "key" && words.dropLast().last.map(beforeKey.contains) == true
    }

    private static let single: [String] = [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "credential", "credentials", "authorization",
    ]
    private static let beforeKey: [String] = ["api", "access", "private", "secret", "auth", "account", "signing", "encryption"]

    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isLower = false
        for character in name {
            let isLetter = character.isLetter || character.isNumber
            if !isLetter || (isLower && character.isUppercase) {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if isLetter { word += character.lowercased() }
            isLower = character.isLowercase
        }
        return word.isEmpty ? words : words + [word]
    }

    /// Whether a value is written out: no expression, variable of a shell or path, and long enough.
    static func isLiteral(_ text: String) -> Bool {
        text.utf8.count >= shortestValue && !text.contains("${") && !text.hasPrefix("$") && !text.hasPrefix("/")
            && !text.hasPrefix("./") && !text.hasPrefix("{{")
    }

    /// Whether a text holds a token of a known form, a private key, or a URL with a password.
    static func hasCredential(_ text: String) -> Bool {
        if text.contains("PRIVATE KEY-----") { return true }
        if hasPassword(inURL: text) { return true }
        return text.split { !isTokenCharacter($0) }.contains { isToken($0) }
    }

    private static func isTokenCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "_-.".contains(character))
    }

    /// The beginnings of tokens, and the fewest characters behind them.
    private static let beginnings: [(text: String, rest: Int)] = [
        ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30), ("github_pat_", 30), ("glpat-", 16), ("xoxb-", 20),
        ("xoxp-", 20), ("xoxa-", 20), ("xoxs-", 20), ("sk_live_", 16), ("rk_live_", 16), ("sk_test_", 16), ("sk-ant-", 20),
        ("AIza", 30), ("npm_", 30), ("dop_v1_", 30), ("hvs.", 20), ("pypi-", 30), ("SG.", 40), ("dapi", 32),
    ]

    private static func isToken(_ word: Substring) -> Bool {
        if beginnings.contains(where: { word.hasPrefix($0.text) && word.utf8.count >= $0.text.utf8.count + $0.rest }) {
            return true
        }
        // An access key of AWS.
        if word.utf8.count == 20, word.hasPrefix("AKIA") || word.hasPrefix("ASIA") {
            return word.utf8.allSatisfy { $0.isDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        }
        // A JSON Web Token.
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return word.hasPrefix("eyJ") && parts.count == 3 && parts.allSatisfy { $0.utf8.count >= 10 }
    }

    /// `https://user:password@host`
    private static func hasPassword(inURL text: String) -> Bool {
        var rest = Substring(text)
        while let scheme = rest.firstRange(of: "://") {
            let authority = rest[scheme.upperBound...].prefix { !"/?# \"'\n".contains($0) }
            rest = rest[scheme.upperBound...]
            guard let end = authority.lastIndex(of: "@"), let colon = authority[..<end].firstIndex(of: ":") else { continue }
            let password = authority[authority.index(after: colon)..<end]
            if !password.isEmpty, !password.contains("$"), !password.hasPrefix("{") { return true }
        }
        return false
    }
}
