import Foundation
import WorkflowModel

/// Lines of history to be imported.
enum History {
    static func line(_ number: Int, tenant: String = "acme") -> String {
        let created = Samples.noon + .seconds(number)
        let digits = String(number)
        let id = "wf-20240210-\(String(repeating: "0", count: max(0, 5 - digits.count)) + digits)-import"
        return #"{"id":"\#(id)","name":"Daily","type":"courier.group/run","state":"succeeded","tenant":"\#(tenant)","#
            + #""created_at":"\#(created.iso8601)","ended_at":"\#((created + .seconds(60)).iso8601)","#
            + #""principal_id":"p","principal_name":"A person"}"#
    }

    static func text(_ numbers: some Sequence<Int>) -> String {
        numbers.map { line($0) + "\n" }.joined()
    }
}

/// A directory of a test's own, removed with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("weir-test-XXXXXX").path
        path = try template.withCString { pattern in
            guard let copy = strdup(pattern) else { throw CocoaError(.fileWriteUnknown) }
            defer { free(copy) }
            guard mkdtemp(copy) != nil else { throw CocoaError(.fileWriteUnknown) }
            return String(cString: copy)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    func text(of name: String) -> String {
        (try? String(contentsOfFile: path + "/" + name, encoding: .utf8)) ?? ""
    }
}
