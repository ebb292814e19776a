import Testing
public import WorkflowModel

/// The rules for request buckets of every implementation.
public enum RequestBucketsContract {
    public struct Rule: Sendable, CustomStringConvertible {
        public var description: String
        private var body: @Sendable (any RequestBuckets) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (any RequestBuckets) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// - Parameter buckets: without other users.
        public func check(_ buckets: any RequestBuckets) async throws {
            try await body(buckets)
        }
    }

    private static let tenant = StoreBench.acme

    public static let rules: [Rule] = [
        Rule("A bucket is full at first, and allows as many requests as it holds") { buckets in
            let looked = try await buckets.take(RequestDemand(upTo: 0, of: tenant, quota: 10), at: StoreBench.start)
            #expect(looked == RequestsTaken(count: 0, left: 10_000))
            let few = try await buckets.take(RequestDemand(upTo: 4, of: tenant, quota: 10), at: StoreBench.start)
            #expect(few == RequestsTaken(count: 4, left: 6_000))
            let rest = try await buckets.take(RequestDemand(upTo: 9, of: tenant, quota: 10), at: StoreBench.start)
            #expect(rest == RequestsTaken(count: 6, left: 0))
            #expect(try await buckets.take(RequestDemand(upTo: 1, of: tenant, quota: 10), at: StoreBench.start).count == 0)
        },
        Rule("It fills evenly up to its capacity") { buckets in
            _ = try await buckets.take(RequestDemand(upTo: 10, of: tenant, quota: 10), at: StoreBench.start)
            let early = try await buckets.take(RequestDemand(upTo: 1, of: tenant, quota: 10), at: StoreBench.after(0.099))
            #expect(early == RequestsTaken(count: 0, left: 990))
            let first = try await buckets.take(RequestDemand(upTo: 1, of: tenant, quota: 10), at: StoreBench.after(0.1))
            #expect(first == RequestsTaken(count: 1, left: 0))
            let full = try await buckets.take(RequestDemand(upTo: 99, of: tenant, quota: 10), at: StoreBench.after(3_600))
            #expect(full == RequestsTaken(count: 10, left: 0))
        },
        Rule("Every tenant has its own bucket") { buckets in
            _ = try await buckets.take(RequestDemand(upTo: 2, of: tenant, quota: 2), at: StoreBench.start)
            #expect(
                try await buckets.take(RequestDemand(upTo: 1, of: StoreBench.globex, quota: 2), at: StoreBench.start).count == 1)
            #expect(try await buckets.take(RequestDemand(upTo: 1, of: tenant, quota: 2), at: StoreBench.start).count == 0)
        },
        Rule("A new quota applies immediately") { buckets in
            _ = try await buckets.take(RequestDemand(upTo: 0, of: tenant, quota: 10), at: StoreBench.start)
            let less = try await buckets.take(RequestDemand(upTo: 9, of: tenant, quota: 3), at: StoreBench.start)
            #expect(less == RequestsTaken(count: 3, left: 0))
            let more = try await buckets.take(RequestDemand(upTo: 100, of: tenant, quota: 50), at: StoreBench.after(0.5))
            #expect(more == RequestsTaken(count: 25, left: 0))
        },
        Rule("Concurrent requests get no more than the bucket holds") { buckets in
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await buckets.take(RequestDemand(upTo: 3, of: tenant, quota: 50), at: StoreBench.start).count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.reduce(0, +) == 50)
        },
        Rule("A clock slightly behind another one fills nothing twice") { buckets in
            _ = try await buckets.take(RequestDemand(upTo: 10, of: tenant, quota: 10), at: StoreBench.after(1))
            for _ in 0..<5 {
                #expect(try await buckets.take(RequestDemand(upTo: 1, of: tenant, quota: 10), at: StoreBench.after(0)).count == 0)
                #expect(try await buckets.take(RequestDemand(upTo: 1, of: tenant, quota: 10), at: StoreBench.after(1)).count == 0)
            }
        },
        Rule("A clock that is set back is accepted, and neither fills nor empties a bucket") { buckets in
            _ = try await buckets.take(RequestDemand(upTo: 7, of: tenant, quota: 10), at: StoreBench.after(60))
            let back = try await buckets.take(RequestDemand(upTo: 1, of: tenant, quota: 10), at: StoreBench.start)
            #expect(back == RequestsTaken(count: 1, left: 2_000))
            #expect(try await buckets.take(RequestDemand(upTo: 9, of: tenant, quota: 10), at: StoreBench.after(0.5)).count == 7)
        },
        Rule("Large quotas are counted exactly") { buckets in
            let quota = 1_000_000
            let all = try await buckets.take(RequestDemand(upTo: quota, of: tenant, quota: quota), at: StoreBench.start)
            #expect(all == RequestsTaken(count: quota, left: 0))
            let next = try await buckets.take(RequestDemand(upTo: quota, of: tenant, quota: quota), at: StoreBench.after(0.001))
            #expect(next == RequestsTaken(count: 1_000, left: 0))
        },
    ]
}
