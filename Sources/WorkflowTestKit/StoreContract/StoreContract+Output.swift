import Testing
import WorkflowModel

extension StoreContract {
    static let output: [Rule] = [
        Rule("What an attempt printed can be read in pieces, while it goes on and afterwards") { bench in
            let lease = try await bench.startAndClaim()
            try await bench.append("hello ", at: 0, under: lease)
            try await bench.append("world", at: 6, under: lease)
            #expect(try await bench.read(lease) == OutputSlice(attempt: 1, offset: 0, text: "hello world", isLast: false))
            #expect(
                try await bench.read(lease, from: 4, limit: 4) == OutputSlice(attempt: 1, offset: 4, text: "o wo", isLast: false))
            #expect(try await bench.read(lease, from: 11) == OutputSlice(attempt: 1, offset: 11, text: "", isLast: false))
            try await bench.succeed(lease)
            #expect(try await bench.read(lease, limit: 5) == OutputSlice(attempt: 1, offset: 0, text: "hello", isLast: false))
            #expect(try await bench.read(lease, from: 5) == OutputSlice(attempt: 1, offset: 5, text: " world", isLast: true))
            #expect(try await bench.read(lease, from: 11) == OutputSlice(attempt: 1, offset: 11, text: "", isLast: true))
        },
        Rule("Only the last bytes are kept, to the byte") { bench in
            let lease = try await bench.startAndClaim()
            let text = String(repeating: "0123456789", count: 10)
            var offset = 0
            for length in [1, 30, 7, 22, 40] {
                try await bench.append(String(text.dropFirst(offset).prefix(length)), at: offset, under: lease, keepingLast: 25)
                offset += length
                let kept = try await bench.read(lease)
                let begin = max(0, offset - 25)
                #expect(kept?.offset == begin)
                #expect(kept?.bytes == Array(text.utf8.prefix(offset).dropFirst(begin)))
            }
            #expect(try await bench.read(lease, from: 90, limit: 3)?.bytes == Array("012".utf8))
        },
        Rule("A piece ends before a gap and the next begins after it") { bench in
            let lease = try await bench.startAndClaim()
            try await bench.append("abc", at: 0, under: lease)
            try await bench.append("xyz", at: 10, under: lease)
            #expect(try await bench.read(lease) == OutputSlice(attempt: 1, offset: 0, text: "abc", isLast: false))
            for from in [3, 7, 10] {
                #expect(try await bench.read(lease, from: from) == OutputSlice(attempt: 1, offset: 10, text: "xyz", isLast: false))
            }
            try await bench.succeed(lease)
            #expect(try await bench.read(lease)?.isLast == false)
            #expect(try await bench.read(lease, from: 5)?.isLast == true)
        },
        Rule("What comes a second time is kept once") { bench in
            let lease = try await bench.startAndClaim()
            try await bench.append("abc", at: 0, under: lease)
            try await bench.append("abc", at: 0, under: lease)
            try await bench.append("bcde", at: 1, under: lease)
            try await bench.append("", at: 5, under: lease)
            #expect(try await bench.read(lease)?.bytes == Array("abcde".utf8))
        },
        Rule("Every attempt has its own output, and the newest is shown unless another is asked for") { bench in
            let first = try await bench.startAndClaim()
            try await bench.append("first", at: 0, under: first)
            let error = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(error, at: StoreBench.after(1)), under: first, at: StoreBench.after(1))
            let second = try await bench.claimOne(at: StoreBench.after(1))
            #expect(try await bench.read(second) == OutputSlice(attempt: 2, offset: 0, text: "", isLast: false))
            try await bench.append("late", at: 5, under: first)
            try await bench.append("second", at: 0, under: second)
            #expect(try await bench.read(second)?.bytes == Array("second".utf8))
            #expect(
                try await bench.read(second, attempt: 1) == OutputSlice(attempt: 1, offset: 0, text: "first", isLast: true))
            #expect(try await bench.read(second, attempt: 2)?.bytes == Array("second".utf8))
            #expect(try await bench.read(second, attempt: 3) == nil)
        },
        Rule("There is no output of what does not exist or has not begun") { bench in
            let plan = try await bench.plan()
            _ = try await bench.store.createRun(plan, once: nil)
            let task = plan.tasks[0].id
            let unknown = TaskID(rawValue: "wft-unknown")
            let places: [(TaskID, RunID, Tenant)] = [
                (task, plan.id, StoreBench.acme), (unknown, plan.id, StoreBench.acme),
                (task, RunID(rawValue: "wf-unknown"), StoreBench.acme),
            ]
            for (task, run, tenant) in places {
                #expect(try await bench.store.output(of: task, in: run, tenant: tenant, attempt: nil, from: 0, limit: 9) == nil)
            }
            _ = try await bench.claimOne()
            let elsewhere = try await bench.store.output(
                of: task, in: plan.id, tenant: StoreBench.globex, attempt: nil, from: 0, limit: 9)
            #expect(elsewhere == nil)
        },
        Rule("Bytes that are no text are kept as they are") { bench in
            let lease = try await bench.startAndClaim()
            let bytes = Array(UInt8.min...UInt8.max)
            try await bench.store.appendOutput(OutputChunk(offset: 0, bytes: bytes), under: lease, keepingLast: 1_000)
            #expect(try await bench.read(lease)?.bytes == bytes)
        },
    ]
}

extension StoreBench {
    fileprivate func startAndClaim() async throws -> Lease {
        try await start()
        return try await claimOne()
    }

    fileprivate func append(_ text: String, at offset: Int, under lease: Lease, keepingLast limit: Int = 1_000) async throws {
        try await store.appendOutput(OutputChunk(offset: offset, bytes: Array(text.utf8)), under: lease, keepingLast: limit)
    }

    fileprivate func read(
        _ lease: Lease, attempt: Int? = nil, from offset: Int = 0, limit: Int = 1_000
    ) async throws -> OutputSlice? {
        try await store.output(
            of: lease.task, in: lease.run, tenant: lease.tenant, attempt: attempt, from: offset, limit: limit)
    }
}

extension OutputSlice {
    fileprivate init(attempt: Int, offset: Int, text: String, isLast: Bool) {
        self.init(attempt: attempt, offset: offset, bytes: Array(text.utf8), isLast: isLast)
    }
}
