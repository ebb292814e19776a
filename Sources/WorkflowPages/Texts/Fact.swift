/// A fact in a list of facts.
struct Fact: Sendable {
    var name: String
    var value: String
    var href: String?
    var isCode: Bool

    init(_ name: String, _ value: String, href: String? = nil, isCode: Bool = false) {
        self.name = name
        self.value = value
        self.href = href
        self.isCode = isCode
    }
}
