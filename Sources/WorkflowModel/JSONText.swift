/// A JSON value kept as the text it came as, so that nothing on its way from a task to a client has to build a tree of it.
///
/// Whoever makes one vouches that the text is one valid JSON value in UTF-8.
public struct JSONText: Hashable, Sendable {
    public let text: String

    public init(validated text: String) {
        self.text = text
    }

    public init(_ value: JSONValue) {
        text = value.text
    }
}
