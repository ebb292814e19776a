import CTaskProcess
import Foundation
public import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Keeps the processes of a task together, in addition to session, group and marker: with a cgroup if possible, otherwise with a
/// subreaper.
public struct TaskContainment: Sendable {
    let cgroups: TaskCgroups?
    /// The orphans of the service, when cgroups are not available.
    let adopted: AdoptedChildren?

    /// Session, group and marker only.
    public static let none = TaskContainment(cgroups: nil, adopted: nil)

    /// The best containment available. Changes this process: the service calls it once.
    public static func ofService(logger: Logger) -> TaskContainment {
        let adopted = AdoptedChildren()
        if let cgroups = TaskCgroups.ofService() {
            // Even without tasks: a killed service leaves empty cgroups.
            cgroups.endOrphans()
            if getpid() == 1 { adopted.startReaping() }
            logger.info("each task runs in its own cgroup", metadata: ["directory": "\(cgroups.path)"])
            return TaskContainment(cgroups: cgroups, adopted: nil)
        }
        guard getpid() == 1 || weir_become_subreaper() else { return .none }
        adopted.startReaping()
        logger.info("cgroups are not available; the service adopts orphaned processes of tasks")
        return TaskContainment(cgroups: nil, adopted: adopted)
    }

    /// Cgroups below a directory, for tests.
    static func cgroups(in parent: String) -> TaskContainment? {
        TaskCgroups(in: parent).map { TaskContainment(cgroups: $0, adopted: nil) }
    }

    /// Call this when no task is left. Blocks.
    public func end() {
        cgroups?.remove()
    }

    /// Kills the processes of all tasks as far as possible, for a program that exits without waiting for them.
    public func endAtOnce() {
        cgroups?.kill()
        var leaders = [pid_t](repeating: 0, count: 8_192)
        let count = weir_processes(&leaders, leaders.count)
        for leader in leaders.prefix(count) { kill(-leader, SIGKILL) }
    }
}
