/// Parses the URL of a service.
enum ServiceURL {
    private static let example = "Accepted: a URL such as http://127.0.0.1:8080"

    /// - Returns: the address with its scheme in lower case.
    static func read(_ text: String) throws(ServiceURLProblem) -> String {
        guard let mark = text.firstRange(of: "://") else {
            throw ServiceURLProblem("has no scheme. \(example).")
        }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw ServiceURLProblem("has the scheme \(HumanText.printable(scheme)). Accepted: http, https.")
        }
        let rest = text[mark.upperBound...]
        guard rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
            throw ServiceURLProblem("contains a space or a control character. \(example).")
        }
        if rest.contains("?") { throw ServiceURLProblem("has a query. Remove the ? and the text after it.") }
        if rest.contains("#") { throw ServiceURLProblem("has a fragment. Remove the # and the text after it.") }
        let authority = rest.prefix { $0 != "/" }
        if authority.contains("@") {
            throw ServiceURLProblem(
                "names a user. Remove the text before the @, and set WEIR_CLIENT_ID and WEIR_CLIENT_SECRET.")
        }
        try check(authority)
        return "\(scheme)://\(rest)"
    }

    private static func check(_ authority: Substring) throws(ServiceURLProblem) {
        var port = authority
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw ServiceURLProblem("has no ] after its host. \(example).") }
            port = authority[authority.index(after: end)...]
        } else {
            port = authority.drop { $0 != ":" }
            guard port.count < authority.count else { throw ServiceURLProblem("has no host. \(example).") }
        }
        guard !port.isEmpty else { return }
        guard port.first == ":", let number = Int(port.dropFirst()), (1...65_535).contains(number), port.count <= 6 else {
            throw ServiceURLProblem("has a port that is not a number from 1 to 65535. \(example).")
        }
    }
}

/// A problem with a URL, as the rest of a sentence that begins with its name.
struct ServiceURLProblem: Error, Hashable {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}
