/// The requests of a load generator, and its duration.
struct LoadPlan: Codable, Sendable {
    struct Request: Codable, Sendable {
        /// The name of its latencies in the report.
        var name: String
        /// The complete request text, headers and body.
        var text: String
        /// The status that counts as success.
        var status: Int
    }

    var host = "127.0.0.1"
    var port: Int
    /// Each connection sends its next request when the previous one is answered.
    var connections: Int
    /// Sent in turn.
    var requests: [Request]
    /// Seconds before the recording starts.
    var warmUp = 2.0
    /// Seconds of recording.
    var seconds = 10.0
    /// Requests per second of all connections together, sent on schedule even if responses are late; latencies count from the
    /// scheduled time. nil for as many as the server handles.
    var perSecond: Double?
    /// Ends after this number of responses, if that is earlier.
    var count: Int?
}

/// The results of a load generator.
struct LoadResult: Codable, Sendable {
    var latencies: [Latencies]
    /// Responses per second, of all requests.
    var perSecond: Double
    /// Responses with a different status, and closed connections.
    var failures: Int
    /// A description of the first failure.
    var failure: String?
    var seconds: Double
    /// The generator's own use of one core.
    var cpuShare: Double

    /// - Throws: ``BenchFailure`` when a request failed.
    func withoutFailures() throws -> LoadResult {
        guard failures == 0 else {
            throw BenchFailure("\(failures) requests went wrong under load, first: \(failure ?? "")")
        }
        return self
    }
}

/// Latencies, in microseconds.
struct Latencies: Codable, Sendable {
    var name: String
    var count: Int
    var median: Double
    var p90: Double
    var p99: Double
    var p999: Double
    var max: Double
}
