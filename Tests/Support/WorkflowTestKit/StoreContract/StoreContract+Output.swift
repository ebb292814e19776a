import Testing
import WorkflowModel

extension StoreContract {
    static let output: [Rule] = [
        Rule("The output of an attempt can be read in pieces, during the attempt and afterwards") { bench in
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
        Rule("The end of an output is read without what is before it") { bench in
            let lease = try await bench.startAndClaim()
            try await bench.append("hello ", at: 0, under: lease)
            try await bench.append("world", at: 6, under: lease)
            func end(_ last: Int, from offset: Int = 0) async throws -> OutputSlice? {
                try await bench.store.output(
                    TaskOutputQuery(
                        of: lease.task, in: lease.run, tenant: lease.tenant, from: offset, last: last,
                        limit: 100))
            }
            #expect(try await end(3) == OutputSlice(attempt: 1, offset: 8, text: "rld", isLast: false))
            #expect(
                try await end(11) == OutputSlice(attempt: 1, offset: 0, text: "hello world", isLast: false))
            #expect(
                try await end(99) == OutputSlice(attempt: 1, offset: 0, text: "hello world", isLast: false))
            #expect(
                try await end(3, from: 9) == OutputSlice(attempt: 1, offset: 9, text: "ld", isLast: false))
            #expect(try await end(0) == OutputSlice(attempt: 1, offset: 11, text: "", isLast: false))
        },
        Rule("Repeated output is stored once") { bench in
            let lease = try await bench.startAndClaim()
            try await bench.append("abc", at: 0, under: lease)
            try await bench.append("abc", at: 0, under: lease)
            try await bench.append("bcde", at: 1, under: lease)
            try await bench.append("", at: 5, under: lease)
            #expect(try await bench.read(lease)?.bytes == Array("abcde".utf8))
        },
        Rule("Every attempt has its own output, and the newest is the default") { bench in
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
                #expect(
                    try await bench.store.output(
                        TaskOutputQuery(of: task, in: run, tenant: tenant, attempt: nil, from: 0, limit: 9)) == nil)
            }
            _ = try await bench.claimOne()
            let elsewhere = try await bench.store.output(
                TaskOutputQuery(of: task, in: plan.id, tenant: StoreBench.globex, attempt: nil, from: 0, limit: 9))
            #expect(elsewhere == nil)
        },
        Rule("The output of a run consists of the newest attempt of each task, in order") { bench in
            let ids = ["a", "b", "c", "d"]
            let run = try await bench.start(ids.map { StoreBench.task($0) })
            let leases = try await bench.claimAll(of: run)
            try #require(leases.count == 4)
            // In a different order than that of the tasks, and without the third one.
            try await bench.append("dddd", at: 0, under: leases[3])
            try await bench.append("first", at: 0, under: leases[0])
            try await bench.append("bbb", at: 0, under: leases[1])
            let error = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(error, at: StoreBench.after(1)), under: leases[0], at: StoreBench.after(1))
            let again = try await bench.claimOne(at: StoreBench.after(1))
            try await bench.append("aa", at: 0, under: again)
            try await bench.succeed(leases[1], at: StoreBench.after(2))

            let page = try await bench.readRun(run)
            #expect(page?.slices.map(\.definitionID) == ["a", "b", "d"])
            #expect(page?.slices.map(\.task) == [leases[0].task, leases[1].task, leases[3].task])
            #expect(
                page?.slices.map(\.slice) == [
                    OutputSlice(attempt: 2, offset: 0, text: "aa", isLast: false),
                    OutputSlice(attempt: 1, offset: 0, text: "bbb", isLast: true),
                    OutputSlice(attempt: 1, offset: 0, text: "dddd", isLast: false),
                ])
            #expect(page?.next == nil)
            let earlier = try await bench.readRun(run, attempt: 1)
            #expect(
                earlier?.slices.map { String(decoding: $0.slice.bytes, as: UTF8.self) } == [
                    "first", "bbb", "dddd",
                ])
            #expect(try await bench.readRun(run, attempt: 3) == RunOutputPage())
        },
        Rule("The output of a run is paged by whole outputs or parts of a large one, without gaps and repetitions") {
            bench in
            let run = try await bench.start(["a", "b", "c"].map { StoreBench.task($0) })
            let leases = try await bench.claimAll(of: run)
            try await bench.append("0123456789", at: 0, under: leases[0])
            try await bench.append("abcdefghij", at: 10, under: leases[0])
            // With a gap and a truncated beginning.
            try await bench.append("....kept", at: 0, under: leases[1], keepingLast: 4)
            try await bench.append("on", at: 20, under: leases[1], keepingLast: 18)
            try await bench.append("c", at: 0, under: leases[2])
            for limit in [1, 3, 7, 20, 23, 100] {
                var place: RunOutputPlace?
                var read: [String: [OutputSlice]] = [:]
                var pages = 0
                repeat {
                    let page = try #require(try await bench.readRun(run, from: place, limit: limit))
                    #expect(page.slices.reduce(0) { $0 + $1.slice.bytes.count } <= limit)
                    for slice in page.slices { read[slice.definitionID, default: []].append(slice.slice) }
                    place = page.next
                    pages += 1
                } while place != nil && pages < 60
                #expect(place == nil)
                #expect(read["a"]?.flatMap(\.bytes) == Array("0123456789abcdefghij".utf8), "limit \(limit)")
                #expect(read["a"]?.first?.offset == 0)
                #expect(read["b"]?.flatMap(\.bytes) == Array("kepton".utf8), "limit \(limit)")
                #expect(read["b"]?.first?.offset == 4 && read["b"]?.contains { $0.offset == 20 } == true, "limit \(limit)")
                #expect(read["c"]?.flatMap(\.bytes) == Array("c".utf8), "limit \(limit)")
            }
        },
        Rule("A part of an output continues with the same attempt") { bench in
            let first = try await bench.startAndClaim()
            try await bench.append("one two", at: 0, under: first)
            let begun = try #require(try await bench.readRun(first.run, limit: 3))
            #expect(begun.slices.map(\.slice) == [OutputSlice(attempt: 1, offset: 0, text: "one", isLast: false)])
            let error = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(error, at: StoreBench.after(1)), under: first, at: StoreBench.after(1))
            let second = try await bench.claimOne(at: StoreBench.after(1))
            try await bench.append("second", at: 0, under: second)
            let rest = try #require(try await bench.readRun(first.run, from: begun.next, limit: 100))
            #expect(rest.slices.map(\.slice) == [OutputSlice(attempt: 1, offset: 3, text: " two", isLast: true)])
            #expect(rest.next == nil)
        },
        Rule("There is no output of a run that does not exist, and none of another tenant's") { bench in
            let lease = try await bench.startAndClaim()
            try await bench.append("secret", at: 0, under: lease)
            #expect(try await bench.readRun(RunID(rawValue: "wf-unknown")) == nil)
            #expect(try await bench.readRun(lease.run, of: StoreBench.globex) == nil)
            let idle = try await bench.start(configuration: "cg-idle")
            #expect(try await bench.readRun(idle) == RunOutputPage())
        },
        Rule("Binary output is stored unchanged") { bench in
            let lease = try await bench.startAndClaim()
            let bytes = Array(UInt8.min...UInt8.max)
            try await bench.store.appendOutput(OutputChunk(offset: 0, bytes: bytes), under: lease, keepingLast: 1_000)
            #expect(try await bench.read(lease)?.bytes == bytes)
        },
        Rule("Output keeps its times, streams and line numbers, wherever it is read") { bench in
            let lease = try await bench.startAndClaim()
            let marks = [
                OutputMark(offset: 0, time: StoreBench.start, stream: .stdout),
                OutputMark(offset: 4, time: StoreBench.after(-2), stream: .stderr),
                OutputMark(offset: 8, time: StoreBench.after(1), stream: nil),
            ]
            try await bench.append(
                OutputChunk(offset: 0, bytes: Array("one\nbad\ntwo\n".utf8), marks: OutputMarks(marks, lineBreaks: 0)), under: lease
            )
            let later = OutputMark(offset: 12, time: StoreBench.after(3), stream: .stdout)
            let next = OutputChunk(offset: 12, bytes: Array("three\n".utf8), marks: OutputMarks([later], lineBreaks: 3))
            try await bench.append(next, under: lease)
            // Repeated, and from an earlier version.
            try await bench.append(next, under: lease)
            try await bench.append("old\n", at: 18, under: lease)

            let unknown = OutputMark(offset: 18, time: nil, stream: nil)
            #expect(try await bench.read(lease)?.marks == OutputMarks(marks + [later, unknown], lineBreaks: 0))
            let middle = try await bench.read(lease, from: 6, limit: 8)
            #expect(middle?.bytes == Array("d\ntwo\nth".utf8))
            #expect(
                middle?.marks
                    == OutputMarks(
                        [OutputMark(offset: 6, time: StoreBench.after(-2), stream: .stderr), marks[2], later], lineBreaks: 1))
            #expect(try await bench.read(lease, from: 18)?.marks == OutputMarks())
            #expect(
                try await bench.readRun(lease.run)?.slices.map(\.slice.marks) == [
                    OutputMarks(marks + [later, unknown], lineBreaks: 0)
                ])
            let part = try await bench.readRun(lease.run, limit: 5)
            #expect(part?.slices.map(\.slice.marks) == [OutputMarks(Array(marks.prefix(2)), lineBreaks: 0)])
            let rest = try await bench.readRun(lease.run, from: part?.next, limit: 5)
            #expect(
                rest?.slices.map(\.slice.marks) == [
                    OutputMarks([OutputMark(offset: 5, time: StoreBench.after(-2), stream: .stderr), marks[2]], lineBreaks: 1)
                ])
        },
        Rule("Of output beyond the limit, the marks of the kept bytes stay") { bench in
            let lease = try await bench.startAndClaim()
            let marks = [
                OutputMark(offset: 0, time: StoreBench.start, stream: .stdout),
                OutputMark(offset: 4, time: StoreBench.after(1), stream: .stderr),
            ]
            let chunk = OutputChunk(offset: 0, bytes: Array("a\nb\nc\nd\n".utf8), marks: OutputMarks(marks, lineBreaks: 0))
            try await bench.append(chunk, under: lease, keepingLast: 3)
            let kept = try await bench.read(lease)
            #expect(kept?.bytes == Array("\nd\n".utf8) && kept?.offset == 5)
            #expect(kept?.marks == OutputMarks([OutputMark(offset: 5, time: StoreBench.after(1), stream: .stderr)], lineBreaks: 2))
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

    fileprivate func append(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int = 1_000) async throws {
        try await store.appendOutput(chunk, under: lease, keepingLast: limit)
    }

    /// Claims the ready tasks, in their order.
    fileprivate func claimAll(of run: RunID) async throws -> [Lease] {
        let leases = try await claim().map(\.lease)
        return try await details(run).tasks.compactMap { task in leases.first { $0.task == task.id } }
    }

    fileprivate func readRun(
        _ run: RunID, of tenant: Tenant = acme, attempt: Int? = nil, from place: RunOutputPlace? = nil, limit: Int = 1_000
    ) async throws -> RunOutputPage? {
        try await store.output(RunOutputQuery(of: run, tenant: tenant, attempt: attempt, from: place, limit: limit))
    }

    fileprivate func read(
        _ lease: Lease, attempt: Int? = nil, from offset: Int = 0, limit: Int = 1_000
    ) async throws -> OutputSlice? {
        try await store.output(
            TaskOutputQuery(of: lease.task, in: lease.run, tenant: lease.tenant, attempt: attempt, from: offset, limit: limit))
    }
}

extension OutputSlice {
    fileprivate init(attempt: Int, offset: Int, text: String, isLast: Bool) {
        self.init(attempt: attempt, offset: offset, bytes: Array(text.utf8), isLast: isLast)
    }
}
