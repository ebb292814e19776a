public import WorkflowModel

/// The marks of a chunk of output as a column: a few bytes for each, because a chunk of a line has one, too.
///
/// Numbers are of variable length (LEB128). First the line breaks before the chunk, increased by 1, or 0. Then for each mark its distance
/// from the one before, with its stream in the lowest two bits, and its time: 0 for none, otherwise the difference from the one
/// before in milliseconds, with the sign in the lowest bit, increased by 1.
extension OutputChunk {
    /// nil when nothing is known.
    public var marksColumn: [UInt8]? {
        guard !marks.isEmpty || marks.lineBreaks != nil else { return nil }
        var bytes: [UInt8] = []
        bytes.append(number: marks.lineBreaks.map { UInt64(clamping: $0) + 1 } ?? 0)
        var (place, time) = (offset, Int64(0))
        for mark in marks.all {
            bytes.append(number: UInt64(clamping: mark.offset - place) << 2 | mark.stream.code)
            place = mark.offset
            guard let printedAt = mark.time?.milliseconds else {
                bytes.append(0)
                continue
            }
            let difference = printedAt &- time
            bytes.append(number: UInt64(bitPattern: (difference << 1) ^ (difference >> 63)) &+ 1)
            time = printedAt
        }
        return bytes
    }
}

extension OutputMarks {
    /// A column that this program did not write has no marks: the output itself stays readable.
    /// - Parameter offset: of the chunk.
    public init(column: [UInt8], from offset: Int) {
        var reader = NumberReader(bytes: column[...])
        guard let lines = reader.next() else {
            self.init()
            return
        }
        var marks: [OutputMark] = []
        var (place, time) = (offset, Int64(0))
        while let distance = reader.next() {
            guard let coded = reader.next(), let step = Int(exactly: distance >> 2), step <= Int(UInt32.max) else {
                self.init()
                return
            }
            place += step
            var printedAt: Timestamp?
            if coded > 0 {
                let zigzag = coded - 1
                time = time &+ (Int64(zigzag >> 1) ^ -Int64(zigzag & 1))
                printedAt = Timestamp(milliseconds: time)
            }
            marks.append(OutputMark(offset: place, time: printedAt, stream: TaskStream?(code: distance & 3)))
        }
        self.init(marks, lineBreaks: lines == 0 ? nil : Int(exactly: lines - 1))
    }
}

extension TaskStream? {
    fileprivate var code: UInt64 {
        switch self {
        case nil: 0
        case .stdout: 1
        case .stderr: 2
        }
    }

    fileprivate init(code: UInt64) {
        switch code {
        case 1: self = .stdout
        case 2: self = .stderr
        default: self = nil
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}

private struct NumberReader {
    var bytes: ArraySlice<UInt8>

    /// nil at the end, and for a number that is cut or too large.
    mutating func next() -> UInt64? {
        var (value, shift) = (UInt64(0), UInt64(0))
        while let byte = bytes.popFirst(), shift < 64 {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
