import Foundation

/// Where figures were taken, as far as it matters for them.
struct Machine: Codable, Sendable {
    var processor: String
    var cores: Int
    var memoryGiB: Double
    var system: String
    var fileSystem: String
    /// Appends of 4 KiB that reach the disk, one after the other, a second: what one commit per start can be at best.
    var flushesPerSecond: Double
    /// Of the last minute, when the benchmark began and when it ended: above the number of cores, somebody else was busy.
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
