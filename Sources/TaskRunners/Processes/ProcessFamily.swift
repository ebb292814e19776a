import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The processes that belong to a task: in its cgroup, session or process group, with its marker in their environment, their
/// descendants, and orphans that were adopted by the service.
///
/// A process can leave its session, its group and its parent, and change its environment. Without cgroup and subreaper, a process that
/// does all of this before its parents are seen is not found.
struct ProcessFamily: Sendable {
    /// Consecutive scans with an uncertain result before the uncertain process counts as unrelated. Together with the pauses about
    /// half a second; replacing a program takes far less.
    static let longestUncertainty = 10

    /// The leader of the session and the group; nil once it has been reaped. Must not be reaped before, so that its pid is not reused.
    let leader: pid_t?
    private let kind: Kind
    private let cgroup: TaskCgroup?
    private let adopted: AdoptedChildren?

    /// The marker in the environments of the members.
    private enum Kind {
        case attempt(task: String, number: String)
        case tasks(Set<String>)
        case orphans
    }

    /// The family of one attempt.
    /// - Parameters:
    ///  - cgroup: the cgroup of the leader.
    ///  - adopted: the orphans of the service, when the leader is a subreaper.
    init(leader: pid_t, task: TaskID, attempt: Int, cgroup: TaskCgroup? = nil, adopted: AdoptedChildren? = nil) {
        self.leader = leader
        self.cgroup = cgroup
        self.adopted = adopted
        kind = .attempt(task: task.rawValue, number: String(attempt))
    }

    /// Processes of any attempt at these tasks.
    init(leftoversOf tasks: Set<TaskID>) {
        leader = nil
        (cgroup, adopted) = (nil, nil)
        kind = .tasks(Set(tasks.map(\.rawValue)))
    }

    private init(_ kind: Kind) {
        leader = nil
        (cgroup, adopted) = (nil, nil)
        self.kind = kind
    }

    /// Processes of services that no longer run.
    static let orphans = ProcessFamily(.orphans)

    /// The result of one scan.
    struct Scan: Sendable {
        /// Members that have not ended.
        var members: [ProcessEntry] = []
        /// Whether a process could not be classified, because it is replacing its program or ending.
        var isUncertain = false
        /// Whether the cgroup contains a process, including ones that are not among the members.
        var isCgroupPopulated = false
    }

    /// Scans all processes of the machine.
    func scanAll() -> Scan {
        scan(ProcessTable.allPIDs())
    }

    /// Scans only processes that are younger than the leader. These include all its descendants, unless pids have wrapped around since
    /// its start.
    ///
    /// - Returns: nil when pids have wrapped around.
    func scanYoungerThanLeader() -> Scan? {
        guard let leader, var newest = ProcessTable.newestPID(), newest >= leader else { return nil }
        var candidates = [leader]
        var checked = leader
        // Bounded, because a busy machine always has a newer process; after a few rounds it is not one of the task's.
        for _ in 0..<8 where newest > checked {
            candidates.append(contentsOf: (checked + 1)...newest)
            checked = newest
            guard let next = ProcessTable.newestPID(), next >= leader else { return nil }
            newest = next
        }
        return scan(candidates)
    }

    private func scan(_ pids: [pid_t]) -> Scan {
        let own = getpid()
        // A process older than the leader cannot be its descendant, so that its environment need not be read.
        let oldest = leader.flatMap(ProcessTable.entry)?.startTime ?? 0
        var result = Scan()
        var others: [ProcessEntry] = []
        for pid in pids where pid != own && pid != 1 {
            guard let entry = ProcessTable.entry(of: pid), !entry.isZombie, !entry.isKernelThread,
                entry.startTime >= oldest
            else { continue }
            if let leader, entry.session == leader || entry.group == leader || adopted?.isStray(entry, of: leader) == true {
                result.members.append(entry)
                continue
            }
            guard let environment = ProcessTable.environment(of: pid) else { continue }
            if hasMarker(environment) {
                result.members.append(entry)
            } else {
                others.append(entry)
                // With a cgroup or a subreaper, no process is missed because its environment is empty. This process's own children are
                // known from their start.
                if cgroup == nil, adopted == nil, environment.isEmpty, entry.parent != own, ProcessTable.isBetweenPrograms(pid) {
                    result.isUncertain = true
                }
            }
        }
        adopt(others, into: &result)
        addCgroup(to: &result)
        if let leader, let adopted { adopted.claim(result.members, for: leader) }
        return result
    }

    private func addCgroup(to result: inout Scan) {
        guard let cgroup, cgroup.isPopulated else { return }
        result.isCgroupPopulated = true
        let found = Set(result.members.map(\.pid))
        for pid in cgroup.members where !found.contains(pid) {
            if let entry = ProcessTable.entry(of: pid), !entry.isZombie { result.members.append(entry) }
        }
    }

    /// Kills the members found and all processes of the cgroup.
    func kill(_ result: Scan, by signals: ProcessSignals) {
        if result.isCgroupPopulated { cgroup?.kill() }
        result.members.forEach(signals.kill)
    }

    /// Kills the cgroup and the process group without a scan, after the leader has ended and before it is reaped.
    func killWithoutScan(by signals: ProcessSignals) {
        if let leader { signals.killGroup(ofEnded: leader) }
        if let cgroup, cgroup.isPopulated { cgroup.kill() }
    }

    /// Call this when all members have ended.
    func release() {
        if let leader { adopted?.release(leader) }
    }

    /// Adds the descendants of the members.
    private func adopt(_ others: [ProcessEntry], into result: inout Scan) {
        guard !result.members.isEmpty else { return }
        var parents = Set(result.members.map(\.pid))
        var rest = others
        while true {
            let children = rest.filter { parents.contains($0.parent) }
            if children.isEmpty { return }
            result.members.append(contentsOf: children)
            rest.removeAll { parents.contains($0.parent) }
            parents = Set(children.map(\.pid))
        }
    }

    /// Whether an environment, with NUL after each entry, contains the marker.
    func hasMarker(_ environment: [UInt8]) -> Bool {
        switch kind {
        case .attempt(let task, let number):
            Self.value(of: CommandEnvironment.taskIDName, in: environment) == task
                && Self.value(of: CommandEnvironment.attemptName, in: environment) == number
        case .tasks(let tasks):
            Self.value(of: CommandEnvironment.taskIDName, in: environment).map(tasks.contains) ?? false
        case .orphans:
            Self.value(of: ServiceMark.name, in: environment).flatMap { ServiceMark($0) }?.isOfEndedService ?? false
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
