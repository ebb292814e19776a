#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A process as the kernel's table shows it.
struct ProcessEntry: Hashable, Sendable {
    var pid: pid_t
    var state: UInt8
    var parent: pid_t
    var group: pid_t
    var session: pid_t
    var flags: UInt64
    /// In ticks since the machine started: with the pid it names one process, whatever was there before or comes after.
    var startTime: UInt64

    /// Names one process for as long as the machine runs.
    struct Identity: Hashable, Sendable {
        var pid: pid_t
        var startTime: UInt64
    }

    var identity: Identity { Identity(pid: pid, startTime: startTime) }

    /// Ended, and only there until its parent asks how.
    var isZombie: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
    var isStopped: Bool { state == UInt8(ascii: "T") }
    var isKernelThread: Bool { flags & 0x0020_0000 != 0 }
}

/// The kernel's table of processes, as `/proc` shows it (proc(5)). Everything here blocks.
enum ProcessTable {
    /// - Returns: nil when there is no such process.
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

    /// Whether it has no environment because it is just replacing its program, or ending.
    static func isBetweenPrograms(_ pid: pid_t) -> Bool {
        // The 51st field is where the environment ends in its memory; 0 as long as there is none.
        withStatistics(of: pid) { _, fields in
            fields.skip(47)
            return fields.next() == 0
        } ?? false
    }

    /// The numbers of a process's line, one after the other.
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

    /// - Parameter body: gets the third field, the state, and what follows it.
    private static func withStatistics<Result>(of pid: pid_t, _ body: (UInt8, inout Fields) -> Result) -> Result? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1_024) { line in
            let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            let count = read(file, line.baseAddress, line.count - 1)
            close(file)
            guard count > 0, let start = line.baseAddress else { return nil }
            start[count] = 0
            // The name is in parentheses and may hold any character, so that the rest begins after the last one.
            var nameEnd = 0
            while let found = memchr(start + nameEnd + 1, CInt(UInt8(ascii: ")")), count - nameEnd - 1) {
                nameEnd = UnsafeMutableRawPointer(start).distance(to: found)
            }
            guard nameEnd > 0, nameEnd + 3 < count else { return nil }
            var fields = Fields(rest: start + nameEnd + 3)
            return body(UInt8(bitPattern: start[nameEnd + 2]), &fields)
        }
    }

    /// The environment that its program was started with.
    /// - Returns: nil when there is no such process or it is not for us to read.
    static func environment(of pid: pid_t) -> [UInt8]? {
        contents(of: "/proc/\(pid)/environ", limit: CommandLimits.environment)
    }

    static func allPIDs() -> [pid_t] {
        guard let directory = opendir("/proc"), let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        defer { closedir(directory) }
        var pids: [pid_t] = []
        while let entry = readdir(directory) {
            // By its place: a copy of the field would be of all the bytes that a name may have, and an entry has only as many as
            // its own. Behind the last one lies memory that may not be there.
            let name = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
            let pid = atoi(name)
            if pid > 0 { pids.append(pid) }
        }
        return pids
    }

    /// The pid that was given out last. Pids are given out in order, until they begin again from below.
    static func newestPID() -> pid_t? {
        guard let text = contents(of: "/proc/loadavg", limit: 256) else { return nil }
        let last = text.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }).last
        return last.flatMap { pid_t(String(decoding: $0, as: UTF8.self)) }
    }

    /// - Returns: at most `limit` bytes; nil when the file cannot be read.
    private static func contents(of path: String, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
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
