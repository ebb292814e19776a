import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The cgroups of one service, below its own. They are reused: creating one per attempt would take longer than many commands.
final class TaskCgroups: Sendable {
    private static let prefix = "weir-"
    private static let count = Atomic(0)

    private struct State {
        var idle: [TaskCgroup] = []
        var made = 0
    }

    private let parent: String
    let path: String
    private let state = Mutex(State())

    /// - Returns: nil when no cgroup of version 2 can be created: it is missing, read-only, or owned by another user.
    static func ofService() -> TaskCgroups? {
        func text(_ path: String) -> String {
            String(decoding: ProcessTable.contents(of: path, limit: 1 << 20) ?? [], as: UTF8.self)
        }
        return CgroupPlace.directory(mounts: text("/proc/self/mountinfo"), membership: text("/proc/self/cgroup"))
            .flatMap { TaskCgroups(in: $0) }
    }

    init?(in parent: String) {
        self.parent = parent
        let number = Self.count.add(1, ordering: .relaxed).newValue
        path = "\(parent)/\(Self.prefix)\(ServiceMark.own.text).\(number)"
        guard mkdir(path, 0o755) == 0 else { return nil }
        guard let first = try? take(), StartedProcess.canStart(in: first) else {
            TaskCgroup.remove(path)
            return nil
        }
        release(first)
    }

    func take() throws(StartFailure) -> TaskCgroup {
        let (idle, number) = state.withLock { state in
            let idle = state.idle.popLast()
            if idle == nil { state.made += 1 }
            return (idle, state.made)
        }
        if let idle { return idle }
        return try TaskCgroup(makingAt: "\(path)/\(number)")
    }

    func release(_ cgroup: TaskCgroup) {
        // A cgroup that cannot be emptied is not reused.
        guard cgroup.clear() else { return }
        guard cgroup.isFit else { return cgroup.remove() }
        state.withLock { $0.idle.append(cgroup) }
    }

    /// Kills all processes of all tasks, without waiting for their end.
    func kill() {
        let file = open(path + "/cgroup.kill", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, "1", 1)
        close(file)
    }

    /// Call this when no task is left. Blocks.
    func remove() {
        state.withLock { $0.idle = [] }
        TaskCgroup.remove(path)
    }

    /// Kills the processes of services that no longer run and used the same parent cgroup. Blocks.
    func endOrphans() {
        for name in DirectoryContents.names(in: parent) where name.hasPrefix(Self.prefix) {
            let mark = name.dropFirst(Self.prefix.count).split(separator: ".").first.flatMap { ServiceMark($0) }
            if mark?.isOfEndedService == true { TaskCgroup.endAndRemove("\(parent)/\(name)") }
        }
    }
}
