import ArgumentParser
import Foundation

/// `weir-bench`: loads histories, measures, and writes the report.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes history, measures, and writes a report.",
        discussion: """
            Histories are kept between runs. Sets: \(BenchSet.allCases.map(\.rawValue).joined(separator: ", ")).

            EXAMPLE
              make bench
              make bench ARGS="--runs 100000 --only pages,growth --seconds 3"
            """)

    @Option(help: "Runs in the largest history; the others are smaller by powers of ten, down to 10,000.")
    var runs = 10_000_000

    @Option(help: "The sets to measure, separated by commas. (default: all)")
    var only: String?

    @Option(help: "Seconds that each load is recorded.")
    var seconds = 10.0

    @Option(help: "The program to measure.")
    var weir: String

    @Option(help: "The repository.")
    var repository = "."

    @Option(help: "Directory of the report. (default: Benchmarks/results)")
    var results: String?

    func validate() throws {
        guard runs >= 10_000 else { throw ValidationError("--runs must be 10000 or more.") }
        guard seconds >= 1 else { throw ValidationError("--seconds must be 1 or more.") }
        _ = try sets()
    }

    func run() async throws {
        let sets = try sets()
        let cache = "\(repository)/Benchmarks/.cache"
        let scratch = "\(cache)/scratch-\(ProcessInfo.processInfo.processIdentifier)"
        let results = results ?? "\(repository)/Benchmarks/results"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let bench = Bench(
            programs: Programs(weir: absolute(weir), bench: absolute(CommandLine.arguments[0])), sizes: sizes,
            cache: absolute(cache), fingerprint: try Fingerprint.ofStore(in: repository), scratch: absolute(scratch),
            seconds: seconds)
        let repository = repository
        var report = Report(
            date: Date().ISO8601Format(),
            machine: try await Blocking.run { Machine.describe(directory: scratch, repository: repository) },
            sizes: sizes)
        for set in sets {
            Progress.note("measuring \(set.rawValue)")
            do {
                report.sets.append(try await set.measure(bench))
            } catch {
                // A failing set is noted in the report, and the other sets continue.
                var failed = SetReport(set.rawValue, "failed")
                failed.missing.append("the whole set: \(error)")
                report.sets.append(failed)
                Progress.note("\(set.rawValue) failed: \(error)")
            }
            report.machine.loadAfter = Machine.load
            try report.write(to: results)
        }
        print(report.markdown)
        Progress.note("the report is in \(results)")
        if report.sets.contains(where: { $0.title == "failed" }) { throw ExitCode(1) }
    }

    private var sizes: [Int] {
        var sizes = [runs]
        while let smallest = sizes.first, smallest / 10 >= 10_000 { sizes.insert(smallest / 10, at: 0) }
        return sizes
    }

    private func sets() throws -> [BenchSet] {
        guard let only else { return BenchSet.allCases }
        return try only.split(separator: ",").map { name in
            guard let set = BenchSet(rawValue: String(name)) else {
                let all = BenchSet.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("Unknown set \(name). Accepted: \(all).")
            }
            return set
        }
    }

    private func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
