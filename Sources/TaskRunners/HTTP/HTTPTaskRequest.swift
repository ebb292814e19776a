import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import WorkflowModel

/// The HTTP request of a task.
struct HTTPTaskRequest: Sendable {
    var request: HTTPClientRequest
    /// Host and port for messages.
    var host: String
    /// The server to connect to.
    var target: Target
    /// The certificate by which it identifies itself; nil for none.
    var identity: ClientIdentity?
    /// Method and URL for messages: without user, password and query, which may contain secrets.
    var line: String

    struct Target: Sendable {
        /// A name, or an address without brackets.
        var host: String
        var port: Int
        var isSecure: Bool
    }

    /// - Returns: an error attributed to the customer when the request is not valid.
    static func making(_ call: HTTPCall, for attempt: TaskAttempt) -> Result<HTTPTaskRequest, RunError> {
        guard let address = URLComponents(string: call.url), let scheme = address.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = address.host, !host.isEmpty, URL(string: call.url) != nil
        else { return .failure(HTTPFault.badURL) }
        guard !call.method.isEmpty, call.method.utf8.allSatisfy(isTokenByte) else {
            return .failure(HTTPFault.badCall("\"\(call.method)\" is not an HTTP method."))
        }
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method)
        for header in call.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
                return .failure(HTTPFault.badCall("\"\(header.name)\" is not the name of an HTTP header."))
            }
            guard header.value.utf8.allSatisfy(isValueByte) else {
                return .failure(HTTPFault.badCall("The HTTP header \(header.name) contains a control character in its value."))
            }
            request.headers.add(name: header.name, value: header.value)
        }
        if let (body, type) = body(of: call, for: attempt) {
            guard request.method != .TRACE else {
                return .failure(HTTPFault.badCall("A TRACE request must not have a body. Remove it."))
            }
            request.body = .bytes(ByteBuffer(string: body))
            if !request.headers.contains(name: "content-type") { request.headers.add(name: "content-type", value: type) }
        }
        var identity: ClientIdentity?
        if let certificate = call.clientCertificate {
            do throws(RunError) { identity = try ClientIdentity(certificate) } catch { return .failure(error) }
        }
        // Each attempt has its own connection. The server might have closed a kept connection, which would cost an attempt, and tasks
        // of different runs must not share one.
        request.headers.replaceOrAdd(name: "connection", value: "close")
        if !request.headers.contains(name: "user-agent") { request.headers.add(name: "user-agent", value: "weir") }
        let shownHost = address.port.map { "\(host):\($0)" } ?? host
        let line = "\(call.method) \(scheme)://\(shownHost)\(address.percentEncodedPath)"
        let target = Target(
            host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host,
            port: address.port ?? (scheme == "https" ? 443 : 80), isSecure: scheme == "https")
        return .success(
            HTTPTaskRequest(request: request, host: shownHost, target: target, identity: identity, line: line))
    }

    private static func body(of call: HTTPCall, for attempt: TaskAttempt) -> (text: String, type: String)? {
        switch call.body {
        case .none: nil
        case .text(let text): (text, "text/plain; charset=utf-8")
        case .json(let json): (json.text, "application/json")
        case .inputs: (inputs(of: attempt), "application/json")
        }
    }

    /// The default body: the inputs of the task.
    private static func inputs(of attempt: TaskAttempt) -> String {
        func quoted(_ text: String) -> String { JSONValue.string(text).text }
        var members = [
            ("tenant", quoted(attempt.tenant.name)), ("workflow_id", quoted(attempt.run.rawValue)),
            ("task_id", quoted(attempt.task.rawValue)), ("attempt", String(attempt.number)),
            ("run_mode", quoted(attempt.runMode.rawValue)),
        ]
        if let from = attempt.range?.from { members.append(("range_from", quoted(from.iso8601))) }
        if let to = attempt.range?.to { members.append(("range_to", quoted(to.iso8601))) }
        if let instant = attempt.scheduledFor { members.append(("scheduled_for", quoted(instant.iso8601))) }
        if !attempt.parameters.isEmpty { members.append(("parameters", attempt.parameters.json.text)) }
        if let soFar = attempt.soFar {
            members.append(("run_outcome", quoted(soFar.outcome.rawValue)))
            members.append(("failed_tasks", JSONValue.array(soFar.failedTasks.map(JSONValue.string)).text))
        }
        if let item = attempt.item {
            members.append(("item", item.value.text))
            members.append(("item_index", String(item.index)))
        }
        members.append(("inputs", AttemptInputs.object(of: attempt)))
        return "{\(members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ","))}"
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// RFC 9110, section 5.5.
    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\t") || (byte >= 0x20 && byte != 0x7F)
    }
}
