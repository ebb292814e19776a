import CTaskProcess
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Orphaned processes that became children of this process, because it is the first process of its pid namespace or a subreaper. This
/// process has to reap them.
///
/// The main process of every task is a subreaper too. So the orphans of a task are its descendants while it lives, and become children
/// of this process only when it has ended. An orphan that arrives at any other time belongs to no task: in a container it belongs to a
/// program that was started by hand.
final class AdoptedChildren: Sendable {
    private struct State {
        /// Orphans that belong to no task.
        var strangers: Set<ProcessEntry.Identity> = []
        /// Orphans of a task whose main process has ended, with the pid of that process.
        var claimed: [ProcessEntry.Identity: pid_t] = [:]
    }

    private let state = Mutex(State())

    /// Pause between two rounds, in milliseconds: a zombie may wait that long.
    private static let interval: CInt = 500

    /// Reaps ended orphans for as long as the program runs.
    func startReaping() {
        sweep()
        Thread.detachNewThread { [self] in
            while true {
                _ = poll(nil, 0, Self.interval)
                sweep()
            }
        }
    }

    /// Reaps ended orphans, but never the main process of a task.
    func sweep() {
        var living: Set<ProcessEntry.Identity> = []
        for child in ProcessTable.childrenOfThisProcess() where !weir_process_is_ours(child) {
            guard let entry = ProcessTable.entry(of: child) else { continue }
            if entry.isZombie {
                var end = siginfo_t()
                waitid(P_PID, id_t(child), &end, WEXITED | WNOHANG)
            } else {
                living.insert(entry.identity)
            }
        }
        // Read after the children: an orphan has a dead parent task only if the main process is no longer in this list.
        var leaders = [pid_t](repeating: 0, count: 8_192)
        let count = weir_processes(&leaders, leaders.count)
        guard !leaders.prefix(count).contains(where: { ProcessTable.entry(of: $0)?.isZombie ?? true }) else { return }
        state.withLock { $0.strangers = living }
    }

    /// Whether the process is an orphan of this leader, which has ended, and of no other task.
    func isStray(_ entry: ProcessEntry, of leader: pid_t) -> Bool {
        guard entry.parent == getpid(), !weir_process_is_ours(entry.pid) else { return false }
        return state.withLock { state in
            !state.strangers.contains(entry.identity) && state.claimed[entry.identity, default: leader] == leader
        }
    }

    /// Reserves the processes for a task in its grace, so that no other task kills them.
    func claim(_ members: [ProcessEntry], for leader: pid_t) {
        state.withLock { state in
            for member in members where state.claimed[member.identity] == nil { state.claimed[member.identity] = leader }
        }
    }

    /// Call this when all processes of the task have ended.
    func release(_ leader: pid_t) {
        state.withLock { state in
            if !state.claimed.isEmpty { state.claimed = state.claimed.filter { $0.value != leader } }
        }
    }
}
