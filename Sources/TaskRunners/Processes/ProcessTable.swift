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
    /// Where its environment ends in its memory; 0 while it is replacing its program, and when that is not for us to know.
    var environmentEnd: UInt64

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
        guard let text = contents(of: "/proc/\(pid)/stat", limit: 4_096) else { return nil }
        // The name is in parentheses and may hold any character, so that the numbers begin after the last one.
        guard let nameEnd = text.lastIndex(of: UInt8(ascii: ")")), nameEnd + 2 < text.count else { return nil }
        let state = text[nameEnd + 2]
        var numbers: [UInt64] = []
        numbers.reserveCapacity(50)
        var number: UInt64 = 0
        var isNumber = false
        for byte in text[(nameEnd + 3)...] {
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                number = number &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
                isNumber = true
            } else if isNumber {
                numbers.append(number)
                number = 0
                isNumber = false
            }
        }
        // Fields are counted from 1 and the state is the third: the parent is the fourth and stands first here.
        func field(_ index: Int) -> UInt64 { numbers[index - 4] }
        guard numbers.count >= 48 else { return nil }
        return ProcessEntry(
            pid: pid, state: state, parent: pid_t(truncatingIfNeeded: field(4)), group: pid_t(truncatingIfNeeded: field(5)),
            session: pid_t(truncatingIfNeeded: field(6)), flags: field(9), startTime: field(22), environmentEnd: field(51))
    }

    /// The environment that its program was started with.
    /// - Returns: nil when there is no such process or it is not for us to read.
    static func environment(of pid: pid_t) -> [UInt8]? {
        contents(of: "/proc/\(pid)/environ", limit: CommandLimits.environment)
    }

    static func allPIDs() -> [pid_t] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var pids: [pid_t] = []
        while let entry = readdir(directory) {
            let pid = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
            }
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
