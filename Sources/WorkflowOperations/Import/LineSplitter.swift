#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Splits a stream of bytes into batches of lines.
struct LineSplitter {
    private var buffer: [UInt8] = []
    /// The beginning of the current batch.
    private var start = 0
    /// The beginning of the first line that is not in `lines` yet.
    private var lineStart = 0
    /// The end of the bytes that were searched for newlines.
    private var scanned = 0
    private var lines: [(number: Int, range: Range<Int>)] = []
    private var lastLine = 0
    private var hasEnded = false
    /// Bytes of all batches returned so far.
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

    /// - Returns: a batch of this many lines, or the rest of the file; nil when more input is needed, or none is left.
    /// - Throws: ``OperationError`` for a line longer than ``ImportLimits/longestLine``.
    mutating func next(lines limit: Int, bytes: Int) throws(OperationError) -> LineBatch? {
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

    /// - Returns: whether the line is not blank.
    @discardableResult
    private mutating func take(_ range: Range<Int>) -> Bool {
        lastLine += 1
        var range = range
        // Some editors write a byte order mark before the first line.
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

    private func check(_ line: Range<Int>) throws(OperationError) {
        guard line.count > ImportLimits.longestLine else { return }
        throw OperationError(
            .malformed,
            "Line \(lastLine + 1) is longer than \(ImportLimits.longestLine >> 20) MiB. Accepted: a file with one run per line.")
    }
}
