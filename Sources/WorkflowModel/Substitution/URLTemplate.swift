/// The URL of a call, with expressions in its path, query or fragment.
///
/// Values are percent-encoded, so that each stays a part of the place where it is written. Scheme, host and port have no expressions: a value
/// never decides where a call goes.
enum URLTemplate {
    /// - Throws: ``SubstitutionProblem``, whose message follows the URL.
    static func template(_ text: String) throws(SubstitutionProblem) -> TextTemplate {
        let template = try TemplatePlace.url.template(text)
        guard !template.references.isEmpty else { return template }
        guard case .literal(let begin)? = template.parts.first, hasWholeAuthority(begin.text) else {
            throw SubstitutionProblem(
                message: "has an expression before its path. Accepted: expressions behind scheme, host and port, such as "
                    + "`https://shop.example/days/${parameters.day}`")
        }
        return template
    }

    /// A URL of the template's form, to check the parts that are written out.
    static func sample(of template: TextTemplate) -> String {
        template.parts.map { part in
            if case .literal(let text) = part { text.text } else { "0" }
        }.joined()
    }

    /// Whether the text goes on behind the host and the port.
    private static func hasWholeAuthority(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        return text[scheme.upperBound...].contains { "/?#".contains($0) }
    }

    /// - Throws: ``SubstitutionFault``
    static func text(
        _ template: TextTemplate, _ budget: inout SubstitutionBudget, _ values: some SubstitutionValues
    ) throws(SubstitutionFault) -> String {
        guard !template.references.isEmpty else { return template.literal ?? "" }
        var url = ""
        var path = PathCheck()
        for part in template.parts {
            switch part {
            case .literal(let text):
                url += text.text
                try path.add(text.text)
            case .reference(let reference):
                let value = encoded(try values.text(of: reference, &budget))
                url += value
                path.add(value: value, of: reference)
            }
        }
        try path.end()
        guard url.utf8.count <= ConfigurationLimits.urlBytes else {
            throw SubstitutionFault(
                "The URL of the call has \(url.utf8.count) bytes. Accepted: \(ConfigurationLimits.urlBytes) at most.")
        }
        return url
    }

    /// All bytes but letters, digits, `-`, `.`, `_` and `~` (RFC 3986, section 2.3).
    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte.isLetterOrDigit || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x37 + digit) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Finds segments of the path that a server reads as a step up, or as nothing, because of a value.
    private struct PathCheck {
        private var segment = ""
        private var reference: Reference?
        private var isInPath = true

        mutating func add(_ text: String) throws(SubstitutionFault) {
            guard isInPath else { return }
            var rest = Substring(text)
            while let end = rest.firstIndex(where: { "/?#".contains($0) }) {
                segment += rest[..<end]
                try self.end()
                guard rest[end] == "/" else {
                    isInPath = false
                    return
                }
                rest = rest[rest.index(after: end)...]
            }
            segment += rest
        }

        mutating func add(value: String, of reference: Reference) {
            guard isInPath else { return }
            segment += value
            self.reference = reference
        }

        mutating func end() throws(SubstitutionFault) {
            defer { (segment, reference) = ("", nil) }
            guard isInPath, let reference else { return }
            let plain = segment.lowercased().replacing("%2e", with: ".")
            guard !["", ".", ".."].contains(plain) else {
                let found = plain.isEmpty ? "an empty segment" : "the segment \(plain.quoted)"
                throw SubstitutionFault(
                    "With its value, \(reference.quoted) gives the URL of the call \(found) in its path, which names another place."
                )
            }
        }
    }
}
