import AsyncHTTPClient
import Foundation
import NIOHTTP1
import WorkflowModel

/// A response that refers to another URL.
struct HTTPRedirect {
    private static let statuses: Set<Int> = [301, 302, 303, 307, 308]
    /// Headers that are sent to another host, too. All others may be credentials.
    private static let harmless = [
        "accept", "accept-charset", "accept-encoding", "accept-language", "connection", "content-type", "user-agent",
    ]

    var status: Int
    var location: String

    /// - Returns: nil for a response that is no redirection, or has no `Location`.
    init?(_ response: HTTPClientResponse) {
        guard Self.statuses.contains(Int(response.status.code)), let location = response.headers.first(name: "location") else {
            return nil
        }
        status = Int(response.status.code)
        self.location = location
    }

    /// The request that follows it (RFC 9110, section 15.4).
    /// - Parameter mask: finds the secrets of the task. A header with one is sent to no other host, whatever its name is.
    /// - Returns: an error when it must not be followed.
    func request(after former: HTTPTaskRequest, masking mask: SecretMask = .none) -> Result<HTTPTaskRequest, RunError> {
        guard location.utf8.count <= ConfigurationLimits.urlBytes, let base = URL(string: former.request.url),
            let url = URL(string: location, relativeTo: base)?.absoluteURL,
            let address = URLComponents(url: url, resolvingAgainstBaseURL: true), let scheme = address.scheme?.lowercased(),
            let host = address.host, !host.isEmpty
        else { return refusal("its Location is not a URL", former) }
        guard address.user == nil, address.password == nil else { return refusal("its Location contains a user", former) }
        guard scheme == (former.target.isSecure ? "https" : "http") else {
            return refusal("it leads from \(former.target.isSecure ? "https" : "http") to \(scheme)", former)
        }
        var next = former
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        next.target = HTTPTaskRequest.Target(
            host: name, port: address.port ?? (former.target.isSecure ? 443 : 80), isSecure: former.target.isSecure)
        next.request.url = url.absoluteString
        takeMethod(&next.request)
        let isSameHost = name.lowercased() == former.target.host.lowercased() && next.target.port == former.target.port
        if !isSameHost {
            guard next.request.body == nil else { return refusal("it would send the body to another host, \(name)", former) }
            for (name, value) in former.request.headers {
                let bytes = Array(value.utf8)
                if Self.harmless.contains(name.lowercased()), mask.masked(bytes) == bytes { continue }
                next.request.headers.remove(name: name)
            }
            next.identity = nil
        }
        next.host = address.port.map { "\(host):\($0)" } ?? host
        next.line = "\(next.request.method.rawValue) \(scheme)://\(next.host)\(address.percentEncodedPath)"
        return .success(next)
    }

    /// 307 and 308 repeat the request. 303 turns it into GET, and so do 301 and 302 with POST, as browsers do.
    private func takeMethod(_ request: inout HTTPClientRequest) {
        let becomesGET = status == 303 && request.method != .HEAD || [301, 302].contains(status) && request.method == .POST
        guard becomesGET else { return }
        request.method = .GET
        request.body = nil
        request.headers.remove(name: "content-type")
    }

    /// The response of a call that has followed as many redirections as it may.
    func excess(_ most: Int, from host: String) -> RunError {
        RunError(
            attribution: .customer, type: "weir.task.http/redirect",
            message: "\(host) redirected the call with \(status), after \(most) redirections that were followed; `follow` allows "
                + "\(ConfigurationLimits.redirections.upperBound) at most")
    }

    private func refusal(_ reason: String, _ former: HTTPTaskRequest) -> Result<HTTPTaskRequest, RunError> {
        .failure(
            RunError(
                attribution: .customer, type: "weir.task.http/redirect",
                message: "the redirection with \(status) from \(former.host) is not followed: \(reason)"))
    }
}
