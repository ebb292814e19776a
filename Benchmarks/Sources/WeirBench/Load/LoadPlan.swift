/// What a load generator is to send, and for how long.
struct LoadPlan: Codable, Sendable {
    struct Request: Codable, Sendable {
        /// What its latencies are reported under.
        var name: String
        /// As it goes over the wire, headers and body.
        var text: String
        /// The status that counts as success.
        var status: Int
    }

    var host = "127.0.0.1"
    var port: Int
    /// Each sends its next request when the answer to its last one is there.
    var connections: Int
    /// In turn.
    var requests: [Request]
    /// Seconds before anything is recorded.
    var warmUp = 2.0
    /// Seconds that are recorded.
    var seconds = 10.0
    /// Requests a second of all connections together, sent when they are due however late the answers are; latencies count
    /// from when a request was due. nil for as many as the server can take.
    var perSecond: Double?
    /// Ends after so many answers, if that is earlier.
    var count: Int?
}

/// What a load generator saw.
struct LoadResult: Codable, Sendable {
    var latencies: [Latencies]
    /// Answers a second, of all requests.
    var perSecond: Double
    /// Answers with another status, and connections that ended.
    var failures: Int
    /// The first failure, in words.
    var failure: String?
    var seconds: Double
    /// Of the generator itself, of one core.
    var cpuShare: Double

    /// - Throws: ``BenchFailure`` when a request went wrong.
    func withoutFailures() throws -> LoadResult {
        guard failures == 0 else {
            throw BenchFailure("\(failures) requests went wrong under load, first: \(failure ?? "")")
        }
        return self
    }
}

/// How long something took, in microseconds.
struct Latencies: Codable, Sendable {
    var name: String
    var count: Int
    var median: Double
    var p90: Double
    var p99: Double
    var p999: Double
    var max: Double
}
