/// A chunk of an attempt's output.
public struct OutputChunk: Hashable, Sendable {
    /// The position in the whole output, in bytes. Bytes between chunks were dropped on the way.
    public var offset: Int
    public var bytes: [UInt8]
    public var marks: OutputMarks

    public init(offset: Int, bytes: [UInt8], marks: OutputMarks = OutputMarks()) {
        self.offset = offset
        self.bytes = bytes
        self.marks = marks
    }

    package func dropFirst(_ count: Int) -> OutputChunk {
        guard count > 0 else { return self }
        return OutputChunk(
            offset: offset + count, bytes: Array(bytes.dropFirst(count)),
            marks: marks.from(offset + count, skipping: bytes.prefix(count).lineBreakCount))
    }
}

/// A kept piece of an attempt's output.
public struct OutputSlice: Hashable, Sendable {
    public var attempt: Int
    /// The position of the first byte: beyond the requested offset when bytes before it were dropped.
    public var offset: Int
    /// Contiguous: ends before the next gap.
    public var bytes: [UInt8]
    /// Whether the attempt has ended and no bytes follow.
    public var isLast: Bool
    public var marks: OutputMarks

    public init(attempt: Int, offset: Int, bytes: [UInt8], isLast: Bool, marks: OutputMarks = OutputMarks()) {
        self.attempt = attempt
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
        self.marks = marks
    }

    public var end: Int { offset + bytes.count }

    /// Adds the bytes of a chunk that follow this slice, which may be empty.
    /// - Parameter limit: bytes of the chunk at most.
    fileprivate mutating func append(_ chunk: OutputChunk, limit: Int) {
        let skipped = end - chunk.offset
        let isFirst = bytes.isEmpty
        let marks = chunk.marks.from(end, skipping: isFirst ? chunk.bytes.prefix(skipped).lineBreakCount : 0)
        if isFirst { self.marks = marks } else { self.marks.append(marks, at: end) }
        bytes += chunk.bytes.dropFirst(skipped).prefix(limit)
        self.marks.cut(at: end)
    }
}

/// The kept part of an attempt's output.
package struct OutputSpan: Hashable, Sendable {
    package var attempt: Int
    /// The first byte that is kept.
    package var begin: Int
    /// One beyond the last byte that was printed.
    package var end: Int
    package var hasEnded: Bool

    package init(attempt: Int, begin: Int, end: Int, hasEnded: Bool) {
        self.attempt = attempt
        self.begin = begin
        self.end = end
        self.hasEnded = hasEnded
    }

    /// The change that an append makes; nil when all of the chunk was appended before and the answer was lost.
    /// - Parameter limit: bytes that are kept of all that the attempt printed.
    package func appending(_ chunk: OutputChunk, keepingLast limit: Int) -> OutputAppend? {
        let known = max(0, end - chunk.offset)
        guard known < chunk.bytes.count else { return nil }
        let newEnd = chunk.offset + chunk.bytes.count
        let newBegin = max(begin, newEnd - limit)
        let dropped = max(known, newBegin - chunk.offset)
        let added = dropped < chunk.bytes.count ? chunk.dropFirst(dropped) : nil
        return OutputAppend(added: added, begin: newBegin, end: newEnd, dropsChunks: newBegin > begin)
    }

    /// The first byte that a slice from an offset has.
    package func first(from offset: Int) -> Int { max(offset, begin) }

    /// The piece that chunks make without gaps.
    /// - Parameters:
    ///   - chunks: the one that holds the first wanted byte or the next one after it, and those that follow.
    ///   - limit: bytes at most.
    package func slice(of chunks: some Sequence<OutputChunk>, from offset: Int, limit: Int) -> OutputSlice {
        var slice = OutputSlice(attempt: attempt, offset: offset, bytes: [], isLast: false)
        for (number, chunk) in chunks.enumerated() {
            if number == 0 { slice.offset = max(first(from: offset), chunk.offset) }
            guard chunk.offset <= slice.end, slice.bytes.count < limit else { break }
            slice.append(chunk, limit: limit - slice.bytes.count)
        }
        slice.isLast = hasEnded && slice.end >= end
        return slice
    }
}

/// The change of kept output that an append makes.
package struct OutputAppend: Hashable, Sendable {
    /// The bytes to write; nil when all of them are out of reach already.
    package var added: OutputChunk?
    package var begin: Int
    package var end: Int
    /// Whether chunks that end before ``begin`` are to be dropped.
    package var dropsChunks: Bool
}

/// A page of the output of a run's tasks.
public struct RunOutputPage: Hashable, Sendable {
    /// Tasks in one page at most.
    public static let mostTasks = 1_000

    /// In the order of the tasks, and of the bytes of each task.
    public var slices: [TaskOutputSlice]
    /// Where to go on; nil at the end.
    public var next: RunOutputPlace?

    public init(slices: [TaskOutputSlice] = [], next: RunOutputPlace? = nil) {
        self.slices = slices
        self.next = next
    }
}

/// A piece of the output of a task in a run.
public struct TaskOutputSlice: Hashable, Sendable {
    public var task: TaskID
    /// The id of the task in its configuration.
    public var definitionID: String
    public var slice: OutputSlice
    /// The first byte of the whole output that is behind the slice. A view may show it with more or fewer bytes.
    public var next: Int

    public init(task: TaskID, definitionID: String, slice: OutputSlice, next: Int? = nil) {
        self.task = task
        self.definitionID = definitionID
        self.slice = slice
        self.next = next ?? slice.end
    }
}

/// A position in the output of a run.
public struct RunOutputPlace: Hashable, Sendable {
    /// The position of the task in its run, from 0.
    public var position: Int
    /// The attempt being read; nil to begin with the task.
    public var attempt: Int?
    /// In bytes of the attempt's whole output.
    public var offset: Int

    public init(position: Int, attempt: Int? = nil, offset: Int = 0) {
        self.position = position
        self.attempt = attempt
        self.offset = offset
    }
}

/// The kept output of one attempt, before its bytes are read.
package struct OutputExtent: Hashable, Sendable {
    package var task: TaskID
    package var definitionID: String
    package var position: Int
    package var attempt: Int
    /// The first byte that is requested and kept.
    package var begin: Int
    /// One beyond the last byte of the output.
    package var end: Int
    package var hasEnded: Bool

    package init(
        task: TaskID, definitionID: String, position: Int, attempt: Int, begin: Int, end: Int, hasEnded: Bool
    ) {
        self.task = task
        self.definitionID = definitionID
        self.position = position
        self.attempt = attempt
        self.begin = begin
        self.end = end
        self.hasEnded = hasEnded
    }

    /// The contiguous pieces that chunks form.
    /// - Parameters:
    ///   - chunks: in the order of their bytes; bytes before ``begin`` are skipped.
    ///   - limit: bytes at most.
    package func slices(of chunks: some Sequence<OutputChunk>, limit: Int = .max) -> [TaskOutputSlice] {
        var slices: [OutputSlice] = []
        var reached = begin
        var rest = limit
        for chunk in chunks where chunk.offset + chunk.bytes.count > reached && rest > 0 {
            let start = max(reached, chunk.offset)
            if slices.isEmpty || reached != start {
                slices.append(OutputSlice(attempt: attempt, offset: start, bytes: [], isLast: false))
            }
            slices[slices.count - 1].append(chunk, limit: rest)
            reached = slices[slices.count - 1].end
            rest -= reached - start
        }
        if let last = slices.indices.last, hasEnded, reached >= end { slices[last].isLast = true }
        return slices.map { TaskOutputSlice(task: task, definitionID: definitionID, slice: $0) }
    }
}

/// The selection of outputs for the next page of a run's output.
package enum RunOutputPlan: Hashable, Sendable {
    /// Whole outputs, and the position of the next page.
    case whole([OutputExtent], next: RunOutputPlace?)
    /// A part of one output that is larger than a page, or was begun on an earlier page.
    case part(OutputExtent, after: OutputExtent?)

    /// - Parameters:
    ///   - outputs: from the requested position on; one more than fits when there are more.
    ///   - limit: bytes at most.
    package init(_ outputs: [OutputExtent], from place: RunOutputPlace?, limit: Int) {
        if let first = outputs.first,
            first.end - first.begin > limit || (place?.attempt != nil && first.position == place?.position)
        {
            self = .part(first, after: outputs.dropFirst().first)
            return
        }
        var rest = limit
        let whole = outputs.prefix(RunOutputPage.mostTasks).prefix { output in
            rest -= output.end - output.begin
            return rest >= 0
        }
        let next = outputs.dropFirst(whole.count).first.map { RunOutputPlace(position: $0.position) }
        self = .whole(Array(whole), next: next)
    }

    /// The position of the page after a part.
    /// - Parameter slices: the content of the part.
    package static func place(
        after slices: [TaskOutputSlice], of output: OutputExtent, before following: OutputExtent?
    ) -> RunOutputPlace? {
        if let last = slices.last?.slice, last.offset + last.bytes.count < output.end {
            return RunOutputPlace(position: output.position, attempt: output.attempt, offset: last.offset + last.bytes.count)
        }
        return following.map { RunOutputPlace(position: $0.position) }
    }
}

extension RunOutputPage {
    /// - Parameters:
    ///   - limit: bytes at most.
    ///   - whole: reads whole outputs.
    ///   - part: reads the chunks of an output from its begin on, as far as the limit.
    package init(
        _ plan: RunOutputPlan, limit: Int, whole: ([OutputExtent]) throws -> [TaskOutputSlice],
        part: (OutputExtent) throws -> [OutputChunk]
    ) rethrows {
        switch plan {
        case .whole(let outputs, let next): self.init(slices: try whole(outputs), next: next)
        case .part(let output, let following):
            let slices = output.slices(of: try part(output), limit: limit)
            self.init(slices: slices, next: RunOutputPlan.place(after: slices, of: output, before: following))
        }
    }
}
