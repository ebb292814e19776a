#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An entry of the kernel's process table.
struct ProcessEntry: Hashable, Sendable {
    var pid: pid_t
    var state: UInt8
    var parent: pid_t
    var group: pid_t
    var session: pid_t
    var flags: UInt64
    /// In ticks since the start of the machine. Together with the pid it identifies one process, even when pids are reused.
    var startTime: UInt64

    /// Identifies one process until the machine restarts.
    struct Identity: Hashable, Sendable {
        var pid: pid_t
        var startTime: UInt64
    }

    var identity: Identity { Identity(pid: pid, startTime: startTime) }

    /// Ended, but not reaped by its parent yet.
    var isZombie: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
    var isStopped: Bool { state == UInt8(ascii: "T") }
    var isKernelThread: Bool { flags & 0x0020_0000 != 0 }
}

/// The kernel's process table, read from `/proc` (proc(5)). All methods block.
enum ProcessTable {
    /// - Returns: nil when no such process exists.
    static func entry(of pid: pid_t) -> ProcessEntry? {
        withStatistics(of: pid) { state, fields in
            let parent = fields.next()
            let group = fields.next()
            let session = fields.next()
            fields.skip(2)
            let flags = fields.next()
            fields.skip(12)
            return ProcessEntry(
                pid: pid, state: state, parent: pid_t(truncatingIfNeeded: parent), group: pid_t(truncatingIfNeeded: group),
                session: pid_t(truncatingIfNeeded: session), flags: flags, startTime: fields.next())
        }
    }

    /// Whether the environment is missing because the process is replacing its program, or ending.
    static func isBetweenPrograms(_ pid: pid_t) -> Bool {
        // The 51st field is the end of the environment in memory; 0 until it is set.
        withStatistics(of: pid) { _, fields in
            fields.skip(47)
            return fields.next() == 0
        } ?? false
    }

    /// Iterates over the numbers in a line.
    private struct Fields {
        var rest: UnsafeMutablePointer<CChar>

        mutating func next() -> UInt64 {
            var end: UnsafeMutablePointer<CChar>?
            let number = strtoull(rest, &end, 10)
            rest = end ?? rest
            return number
        }

        mutating func skip(_ count: Int) {
            for _ in 0..<count { _ = next() }
        }
    }

    /// - Parameter body: receives the third field, the state, and the fields after it.
    private static func withStatistics<Result>(of pid: pid_t, _ body: (UInt8, inout Fields) -> Result) -> Result? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1_024) { line in
            let file = DescriptorReserve.shared.open("/proc/\(pid)/stat", O_RDONLY)
            guard file >= 0 else { return nil }
            let count = read(file, line.baseAddress, line.count - 1)
            DescriptorReserve.shared.close(file)
            guard count > 0, let start = line.baseAddress else { return nil }
            start[count] = 0
            // The name is in parentheses and may contain any character, so that the rest begins after the last parenthesis.
            var nameEnd = 0
            while let found = memchr(start + nameEnd + 1, CInt(UInt8(ascii: ")")), count - nameEnd - 1) {
                nameEnd = UnsafeMutableRawPointer(start).distance(to: found)
            }
            guard nameEnd > 0, nameEnd + 3 < count else { return nil }
            var fields = Fields(rest: start + nameEnd + 3)
            return body(UInt8(bitPattern: start[nameEnd + 2]), &fields)
        }
    }

    /// The environment with which the program was started.
    /// - Returns: nil when no such process exists or it must not be read.
    static func environment(of pid: pid_t) -> [UInt8]? {
        contents(of: "/proc/\(pid)/environ", limit: CommandLimits.environment)
    }

    static func allPIDs() -> [pid_t] {
        DirectoryContents.names(in: "/proc").compactMap { pid_t($0) }
    }

    static func childrenOfThisProcess() -> [pid_t] {
        var isComplete = true
        var children: [pid_t] = []
        for thread in DirectoryContents.names(in: "/proc/self/task") {
            guard let text = contents(of: "/proc/self/task/\(thread)/children", limit: 1 << 20) else {
                // The thread has ended, or the kernel was built without these files.
                isComplete = isComplete && access("/proc/self/task/\(thread)", F_OK) != 0
                continue
            }
            children += text.split(separator: UInt8(ascii: " ")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        }
        if isComplete { return children }
        let own = getpid()
        return allPIDs().filter { entry(of: $0)?.parent == own }
    }

    /// The latest pid. Pids are assigned in ascending order, until they wrap around.
    static func newestPID() -> pid_t? {
        guard let text = contents(of: "/proc/loadavg", limit: 256) else { return nil }
        let last = text.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }).last
        return last.flatMap { pid_t(String(decoding: $0, as: UTF8.self)) }
    }

    /// - Returns: at most `limit` bytes; nil when the file cannot be read.
    static func contents(of path: String, limit: Int) -> [UInt8]? {
        let file = DescriptorReserve.shared.open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { DescriptorReserve.shared.close(file) }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wasRead = withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
                let count = read(file, buffer.baseAddress, buffer.count)
                if count > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
                return count
            }
            if wasRead < 0 { return errno == EINTR ? bytes : nil }
            if wasRead == 0 { break }
        }
        return bytes
    }
}
