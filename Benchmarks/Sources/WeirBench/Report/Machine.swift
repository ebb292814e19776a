import Foundation

/// The properties of the machine that affect the figures.
struct Machine: Codable, Sendable {
    var processor: String
    var cores: Int
    var memoryGiB: Double
    var system: String
    var fileSystem: String
    /// Sequential appends of 4 KiB with flush, per second: the upper limit of one commit per start.
    var flushesPerSecond: Double
    /// Load averages over one minute, before and after. Above the number of cores, another process was busy.
    var loadBefore: Double
    var loadAfter: Double
    var swift: String
    var commit: String

    /// Blocks.
    static func describe(directory: String, repository: String) -> Machine {
        func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        func output(_ program: String, _ arguments: [String]) -> String {
            let data = try? ChildProcess.run("/usr/bin/env", [program] + arguments)
            return String(decoding: data ?? Data(), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let model = text("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = text("/etc/os-release").split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return Machine(
            processor: model.flatMap { $0.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } } ?? "unknown",
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryGiB: Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30),
            system: (name.map { $0.dropFirst(13).dropLast() + ", " } ?? "") + "Linux \(output("uname", ["-r"]))",
            fileSystem: output("stat", ["-f", "-c", "%T", directory]), flushesPerSecond: flushes(in: directory), loadBefore: load,
            loadAfter: load, swift: output("swift", ["--version"]).split(separator: "\n").first.map(String.init) ?? "unknown",
            commit: output("git", ["-C", repository, "describe", "--always", "--dirty"]))
    }

    static var load: Double {
        var loads = [0.0]
        getloadavg(&loads, 1)
        return loads[0]
    }

    private static func flushes(in directory: String) -> Double {
        let path = directory + "/flushes"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 7, count: 4_096)
        let start = Stopwatch.nanoseconds
        var count = 0
        while Stopwatch.seconds(since: start) < 1, page.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == page.count,
            fdatasync(file) == 0
        { count += 1 }
        return Double(count) / Stopwatch.seconds(since: start)
    }
}
