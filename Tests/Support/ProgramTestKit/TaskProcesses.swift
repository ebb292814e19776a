import Foundation
public import WorkflowModel

/// The processes of tasks on this machine, found by the environment that the service sets.
public enum TaskProcesses {
    /// The processes of a tenant's tasks, by pid.
    public static func running(for tenant: Tenant) -> [Int32: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var found: [Int32: String] = [:]
        for process in names.compactMap({ Int32($0) }) {
            let variables = environment(of: process)
            guard variables.contains("WEIR_TENANT=\(tenant.name)") else { continue }
            guard let task = variables.first(where: { $0.hasPrefix("WEIR_TASK_ID=") }) else { continue }
            found[process] = String(task.dropFirst("WEIR_TASK_ID=".count))
        }
        return found
    }

    /// Whether the process still belongs to the task: its pid may have been reused.
    public static func isRunning(_ process: Int32, for task: String) -> Bool {
        environment(of: process).contains("WEIR_TASK_ID=\(task)")
    }

    /// Empty for a process that has ended or is a zombie.
    private static func environment(of process: Int32) -> Set<String> {
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/environ") ?? Data()
        return Set(bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }
}
