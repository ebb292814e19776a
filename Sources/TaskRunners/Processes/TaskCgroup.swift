import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A cgroup for the processes of one attempt at a time. Its processes and their descendants stay in it, even when they change their
/// parent, session, group or environment.
///
/// The files for emptying it are opened in advance, so that this works without a free descriptor.
final class TaskCgroup: Sendable {
    let path: String
    let descriptor: CInt
    private let events: CInt
    /// `cgroup.kill`; -1 on kernels before 5.14: then processes are killed one by one.
    private let killSwitch: CInt
    /// Whether ``kill()`` was called.
    private let isKilled = Atomic(false)

    /// Creates the cgroup.
    init(makingAt path: String) throws(StartFailure) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw StartFailure(step: .process, reason: errno) }
        self.path = path
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StartFailure(step: .process, reason: errno) }
        events = openat(descriptor, "cgroup.events", O_RDONLY | O_CLOEXEC)
        let reason = errno
        killSwitch = openat(descriptor, "cgroup.kill", O_WRONLY | O_CLOEXEC)
        let killReason = errno
        guard events >= 0, killSwitch >= 0 || !DescriptorReserve.isShortage(killReason) else {
            close(descriptor)
            if events >= 0 { close(events) }
            throw StartFailure(step: .process, reason: events < 0 ? reason : killReason)
        }
    }

    deinit {
        close(descriptor)
        close(events)
        if killSwitch >= 0 { close(killSwitch) }
    }

    /// Whether it or a cgroup below it contains a running process.
    var isPopulated: Bool {
        var text = [UInt8](repeating: 0, count: 256)
        let count = pread(events, &text, text.count, 0)
        return count > 0 && String(decoding: text.prefix(count), as: UTF8.self).contains("populated 1")
    }

    /// Kills all processes in it and below it, including one that is just being started.
    func kill() {
        isKilled.store(true, ordering: .relaxed)
        guard killSwitch < 0 || write(killSwitch, "1", 1) != 1 else { return }
        for member in members { _ = Glibc.kill(member, SIGKILL) }
    }

    /// The processes in it and below it, without those of other pid namespaces.
    var members: [pid_t] {
        Self.members(of: path)
    }

    /// Whether it can be reused. Kernels up to 6.18 at least kill processes that are cloned into a cgroup that was killed before.
    var isFit: Bool { !isKilled.load(ordering: .relaxed) }

    /// Removes the cgroups that a task created below it.
    /// - Returns: whether it is empty.
    func clear() -> Bool {
        var status = stat()
        // Two links of its own, and one for each child.
        if fstat(descriptor, &status) == 0, status.st_nlink > 2 { Self.removeThoseBelow(path) }
        return !isPopulated
    }

    func remove() {
        Self.remove(path)
    }

    static func remove(_ path: String) {
        removeThoseBelow(path)
        rmdir(path)
    }

    /// Kills the processes in a cgroup of a service that no longer runs, and removes it when it is empty. Blocks.
    static func endAndRemove(_ path: String) {
        // In milliseconds: one second altogether. A cgroup that takes longer is left to the next call.
        var waited: CInt = 0
        while waited < 1_000 {
            let file = DescriptorReserve.shared.open(path + "/cgroup.kill", O_WRONLY)
            let isTold = file >= 0 && write(file, "1", 1) == 1
            if file >= 0 { DescriptorReserve.shared.close(file) }
            if !isTold { for member in members(of: path) { _ = Glibc.kill(member, SIGKILL) } }
            remove(path)
            if access(path, F_OK) != 0 { return }
            _ = poll(nil, 0, 10)
            waited += 10
        }
    }

    private static func members(of path: String) -> [pid_t] {
        let text = ProcessTable.contents(of: path + "/cgroup.procs", limit: 1 << 20) ?? []
        let own = text.split(separator: UInt8(ascii: "\n")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        return own.filter { $0 > 0 } + below(path).flatMap(members)
    }

    private static func removeThoseBelow(_ path: String) {
        for path in below(path) { remove(path) }
    }

    private static func below(_ path: String) -> [String] {
        DirectoryContents.names(in: path).filter { isDirectory("\(path)/\($0)") }.map { "\(path)/\($0)" }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
