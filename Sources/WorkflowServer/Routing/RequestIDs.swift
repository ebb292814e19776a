import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Gives every request an id: the client's own if it is valid, so that both logs have the same id.
struct RequestIDs: Sendable {
    let random: any RandomSource

    func id(for request: Request) -> String {
        if let id = request.headers[HeaderNames.requestID], Self.isSane(id) { return id }
        return newID()
    }

    func newID() -> String {
        "req-" + Base64URL.encode(random.bytes(12))
    }

    /// Letters, digits, `-`, `_` and `.`: no character has a meaning in a log or a header.
    static func isSane(_ id: String) -> Bool {
        (1...Limits.requestID).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
