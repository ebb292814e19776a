import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which processes belong to a task: those of its session, those of its process group, those whose environment carries its
/// marker, and what these have started.
///
/// A process may leave its session, its group and its parent, and it may be started with another environment; one that does
/// all of this, and whose parents are gone when it is looked for, cannot be told from the rest of the machine and is not found.
struct ProcessFamily: Sendable {
    /// How many looks in a row may leave something uncertain before it counts as a stranger. With the pauses between them
    /// this is about half a second; a process replaces its program in far less.
    static let longestUncertainty = 10

    /// The process that leads the session and the group; nil when it is known to be gone.
    /// It must not have been waited for, so that no other process can have its number.
    let leader: pid_t?
    private let kind: Kind

    /// What the environments of its members say.
    private enum Kind {
        case attempt(task: String, number: String)
        case tasks(Set<String>)
        case orphans
    }

    /// The family of one attempt.
    init(leader: pid_t, task: TaskID, attempt: Int) {
        self.leader = leader
        kind = .attempt(task: task.rawValue, number: String(attempt))
    }

    /// Whatever any attempt at these tasks left.
    init(leftoversOf tasks: Set<TaskID>) {
        leader = nil
        kind = .tasks(Set(tasks.map(\.rawValue)))
    }

    private init(_ kind: Kind) {
        leader = nil
        self.kind = kind
    }

    /// Whatever services left that are gone.
    static let orphans = ProcessFamily(.orphans)

    /// What one look at the table found.
    struct Sighting: Sendable {
        /// Those that have not ended.
        var members: [ProcessEntry] = []
        /// Whether a process was seen of which it cannot be said yet, because it is just replacing its program or ending.
        var isUncertain = false
    }

    /// Looks at every process of the machine.
    func lookEverywhere() -> Sighting {
        look(at: ProcessTable.allPIDs())
    }

    /// Looks only at the processes that are younger than the leader. Everything that it has ever started is among them, as
    /// long as the numbers of processes have not begun again from below since it was started.
    ///
    /// - Returns: nil when they have.
    func lookAtYoungerThanLeader() -> Sighting? {
        guard let leader, var newest = ProcessTable.newestPID(), newest >= leader else { return nil }
        var candidates = [leader]
        var checked = leader
        // Bounded, because on a busy machine there is always a newer one; after a few rounds it is none of ours.
        for _ in 0..<8 where newest > checked {
            candidates.append(contentsOf: (checked + 1)...newest)
            checked = newest
            guard let next = ProcessTable.newestPID(), next >= leader else { return nil }
            newest = next
        }
        return look(at: candidates)
    }

    private func look(at pids: [pid_t]) -> Sighting {
        let own = getpid()
        // What is older than the leader cannot be of its making, and its environment need not be read.
        let oldest = leader.flatMap(ProcessTable.entry)?.startTime ?? 0
        var sighting = Sighting()
        var others: [ProcessEntry] = []
        for pid in pids where pid != own && pid != 1 {
            guard let entry = ProcessTable.entry(of: pid), !entry.isZombie, !entry.isKernelThread,
                entry.startTime >= oldest
            else { continue }
            if let leader, entry.session == leader || entry.group == leader {
                sighting.members.append(entry)
                continue
            }
            guard let environment = ProcessTable.environment(of: pid) else { continue }
            if hasMarker(environment) {
                sighting.members.append(entry)
            } else {
                others.append(entry)
                // Our own children are never strays: what they are is known from the beginning.
                if environment.isEmpty, entry.parent != own, ProcessTable.isBetweenPrograms(pid) {
                    sighting.isUncertain = true
                }
            }
        }
        adopt(others, into: &sighting)
        return sighting
    }

    /// Takes in what the members have started, and what that has started.
    private func adopt(_ others: [ProcessEntry], into sighting: inout Sighting) {
        guard !sighting.members.isEmpty else { return }
        var parents = Set(sighting.members.map(\.pid))
        var rest = others
        while true {
            let children = rest.filter { parents.contains($0.parent) }
            if children.isEmpty { return }
            sighting.members.append(contentsOf: children)
            rest.removeAll { parents.contains($0.parent) }
            parents = Set(children.map(\.pid))
        }
    }

    /// Whether an environment, entries that each end with NUL, carries the marker.
    func hasMarker(_ environment: [UInt8]) -> Bool {
        switch kind {
        case .attempt(let task, let number):
            Self.value(of: CommandEnvironment.taskIDName, in: environment) == task
                && Self.value(of: CommandEnvironment.attemptName, in: environment) == number
        case .tasks(let tasks):
            Self.value(of: CommandEnvironment.taskIDName, in: environment).map(tasks.contains) ?? false
        case .orphans:
            Self.value(of: ServiceMark.name, in: environment).flatMap { ServiceMark($0) }?.isOfTheDead ?? false
        }
    }

    static func value(of name: String, in environment: [UInt8]) -> String? {
        let prefix = Array("\(name)=".utf8)
        return environment.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let start = rest.baseAddressOfSlice {
                let end = memchr(start, 0, rest.count).map { start.distance(to: UnsafeRawPointer($0)) } ?? rest.count
                if end >= prefix.count, memcmp(start, prefix, prefix.count) == 0 {
                    return String(decoding: rest.prefix(end).dropFirst(prefix.count), as: UTF8.self)
                }
                rest = rest.dropFirst(end + 1)
            }
            return nil
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate var baseAddressOfSlice: UnsafeRawPointer? {
        isEmpty ? nil : base.baseAddress.map { $0 + startIndex }
    }
}
