#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Cuts what comes in pieces of any size into batches of lines.
struct LineSplitter {
    private var buffer: [UInt8] = []
    /// Where the batch begins that is being gathered.
    private var start = 0
    /// Where the first line begins that is not in `lines` yet.
    private var lineStart = 0
    /// How far newlines have been looked for.
    private var scanned = 0
    private var lines: [(number: Int, range: Range<Int>)] = []
    private var lastLine = 0
    private var hasEnded = false
    /// Bytes handed out.
    private var offset = 0

    mutating func append(_ bytes: some Collection<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            lines = lines.map { ($0.number, ($0.range.lowerBound - start)..<($0.range.upperBound - start)) }
            lineStart -= start
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    mutating func finish() {
        hasEnded = true
    }

    /// - Returns: a batch of that many lines, or the rest of the file; nil when more has to be read first, or nothing is left.
    /// - Throws: ``CommandFailure`` for a line longer than ``ImportLimits/longestLine``.
    mutating func next(lines limit: Int, bytes: Int) throws(CommandFailure) -> LineBatch? {
        while lines.count < limit, lineStart - start < bytes {
            if let newline = newline(from: max(scanned, lineStart)) {
                scanned = newline + 1
                try check(lineStart..<newline)
                take(lineStart..<newline)
                lineStart = newline + 1
            } else {
                scanned = buffer.count
                try check(lineStart..<buffer.count)
                guard hasEnded else { return nil }
                let isCut = lineStart < buffer.count && take(lineStart..<buffer.count)
                lineStart = buffer.count
                return handOut(endsMidLine: isCut)
            }
        }
        return handOut(endsMidLine: false)
    }

    /// - Returns: whether there is anything in the line.
    @discardableResult
    private mutating func take(_ range: Range<Int>) -> Bool {
        lastLine += 1
        var range = range
        // The mark that some editors put before the first line.
        if lastLine == 1, buffer[range].starts(with: [0xEF, 0xBB, 0xBF]) { range = (range.lowerBound + 3)..<range.upperBound }
        let isBlank = buffer[range].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        if !isBlank { lines.append((lastLine, range)) }
        return !isBlank
    }

    private mutating func handOut(endsMidLine: Bool) -> LineBatch? {
        guard lineStart > start else { return nil }
        let base = start
        let batch = LineBatch(
            text: Array(buffer[start..<lineStart]),
            lines: lines.map { ($0.number, ($0.range.lowerBound - base)..<($0.range.upperBound - base)) },
            endsMidLine: endsMidLine, fileOffset: offset + lineStart - start)
        offset += lineStart - start
        start = lineStart
        lines = []
        return batch
    }

    private func newline(from place: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard place < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + place, 0x0A, bytes.count - place)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private func check(_ line: Range<Int>) throws(CommandFailure) {
        guard line.count > ImportLimits.longestLine else { return }
        throw CommandFailure(
            .data,
            "Line \(lastLine + 1) is longer than \(ImportLimits.longestLine >> 20) MiB, which no run is: is it a file of runs, one a line?"
        )
    }
}
