import Foundation
public import WorkflowModel

/// The processes of tasks on this machine, known by what the service puts into their environment.
public enum TaskProcesses {
    /// Whatever runs for a task of that tenant, by the number of its process.
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

    /// Whether a process of that task is still there; another one may have got its number.
    public static func isRunning(_ process: Int32, for task: String) -> Bool {
        environment(of: process).contains("WEIR_TASK_ID=\(task)")
    }

    /// Nothing of a process that is gone or that nobody has collected yet.
    private static func environment(of process: Int32) -> Set<String> {
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/environ") ?? Data()
        return Set(bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }
}
