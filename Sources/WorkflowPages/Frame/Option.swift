/// A choice of a list in a form.
struct Option: Sendable {
    var value: String
    var label: String
    var isChosen: Bool
}
