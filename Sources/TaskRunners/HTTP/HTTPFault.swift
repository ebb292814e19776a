import WorkflowModel

/// Errors of HTTP tasks.
enum HTTPFault {
    /// Statuses below 500 that do not blame the request.
    private static let platformStatuses: Set<Int> = [408, 425, 429]

    static let badURL = RunError(
        attribution: .customer, type: "weir.task.http/url",
        message: "The task's url is not valid. Write http://HOST/… or https://HOST/….")

    static func badCall(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.http/request", message: message)
    }

    /// A client certificate that cannot be used, or that the server does not accept.
    static func certificate(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.http/certificate", message: message)
    }

    /// A response with an unexpected status.
    static func unexpected(_ reply: HTTPReply, expected: Set<Int>, blame: BlameTable) -> RunError {
        let isPlatforms = reply.status >= 500 || platformStatuses.contains(reply.status)
        return RunError(
            attribution: blame.byCode[reply.status] ?? (isPlatforms ? .platform : .customer), type: "weir.task.http/status",
            message: "the server responded with \(reply.status) \(reply.reason), expected \(described(expected))",
            data: JSONText(.object(["status": .integer(Int64(reply.status))])))
    }

    /// No response, or an incomplete one.
    /// - Parameter reason: a phrase about the server.
    static func noReply(from host: String, _ reason: String) -> RunError {
        RunError(attribution: .platform, type: "weir.task.http/connect", message: "no response from \(host): \(reason)")
    }

    /// A complete response that cannot be decoded.
    static func damaged(_ host: String, _ damage: String) -> RunError {
        RunError(
            attribution: .platform, type: "weir.task.http/reply", message: "the response from \(host) cannot be decoded: \(damage)")
    }

    /// A complete reply that a poll cannot use.
    static func badReply(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.http/response", message: message)
    }

    /// `200`, `200 or 202`, `200, 201 or 204`; a range for the default, all statuses from 200 to 299.
    private static func described(_ statuses: Set<Int>) -> String {
        if statuses == Set(200...299) { return "a status from 200 to 299" }
        let all = statuses.sorted().map(String.init)
        guard let last = all.last else { return "none" }
        return all.count == 1 ? last : "\(all.dropLast().joined(separator: ", ")) or \(last)"
    }
}
