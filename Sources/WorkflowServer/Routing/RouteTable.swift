import HTTPTypes
import WorkflowAPI
import WorkflowModel

/// A route that a method and a path select.
protocol Routable: Sendable {
    var method: HTTPRequest.Method { get }
    /// Such as `/runs/{id}`.
    var path: String { get }
}

/// Finds the route of a request. Paths are the same with and without a slash at their end; `HEAD` is wherever `GET` is. A path without
/// values is tried before one with values.
struct RouteTable<Route: Routable>: Sendable {
    enum Match: Sendable {
        case found(Route, pathValues: [String])
        /// The path is known, but not with this method.
        case wrongMethod(allowed: [HTTPRequest.Method])
        case unknown
    }

    enum Segment: Sendable {
        case literal([UInt8])
        case value
    }

    private struct Entry: Sendable {
        var segments: [Segment]
        var routes: [Route]

        func match(_ method: HTTPRequest.Method, _ values: [String]) -> Match {
            let wanted = method == .head ? .get : method
            if let route = routes.first(where: { $0.method == wanted }) { return .found(route, pathValues: values) }
            return .wrongMethod(allowed: routes.flatMap { $0.method == .get ? [.get, .head] : [$0.method] })
        }
    }

    private let entries: [Entry]
    /// Entries without values, by their path: most requests are found here without splitting the path.
    private let plain: [Substring: Entry]

    init(_ routes: [Route]) {
        var paths: [String] = []
        var byPath: [String: [Route]] = [:]
        for route in routes {
            if byPath[route.path] == nil { paths.append(route.path) }
            byPath[route.path, default: []].append(route)
        }
        func entry(_ path: String) -> Entry {
            let segments = path.split(separator: "/").map { segment -> Segment in
                segment.hasPrefix("{") ? .value : .literal(Array(segment.utf8))
            }
            return Entry(segments: segments, routes: byPath[path] ?? [])
        }
        let plainPaths = paths.filter { !$0.contains("{") }
        plain = Dictionary(uniqueKeysWithValues: plainPaths.map { ($0[...], entry($0)) })
        entries = (plainPaths + paths.filter { $0.contains("{") }).map(entry)
    }

    /// - Parameter path: as the request has it, still escaped.
    func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
        if let entry = plain[path] { return entry.match(method, []) }
        guard path.utf8.first == UInt8(ascii: "/") else { return .unknown }
        var parts = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        for entry in entries where entry.segments.count == parts.count {
            if let values = Self.values(of: parts, in: entry.segments) { return entry.match(method, values) }
        }
        return .unknown
    }

    /// - Returns: nil when the path does not match. An invalid escape or invalid UTF-8 matches nothing.
    private static func values(of parts: [Substring.UTF8View.SubSequence], in segments: [Segment]) -> [String]? {
        var values: [String] = []
        for (part, segment) in zip(parts, segments) {
            switch segment {
            case .literal(let text):
                guard part.elementsEqual(text) else { return nil }
            case .value:
                guard let value = PathEscapes.unescaped(part), !value.isEmpty else { return nil }
                values.append(PathSegment.meaning(of: value))
            }
        }
        return values
    }
}

enum PathEscapes {
    /// - Returns: nil for an invalid escape or invalid UTF-8.
    static func unescaped(_ raw: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(raw)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
