import Foundation

/// A load that runs in the background during a measurement.
struct BackgroundLoad {
    private let child: ChildProcess

    init(_ plan: LoadPlan, programs: Programs) throws {
        let pipe = Pipe()
        child = try ChildProcess(programs.bench, ["load"], input: pipe.fileHandleForReading)
        try pipe.fileHandleForReading.close()
        try pipe.fileHandleForWriting.write(contentsOf: try JSONEncoder().encode(plan))
        try pipe.fileHandleForWriting.close()
    }

    /// Asks the load to end.
    func end() {
        child.terminate()
    }

    /// Waits for the end of the load.
    func result() throws -> LoadResult {
        let printed = child.allOutput()
        guard child.wait() == 0 else { throw BenchFailure("A load in the background failed.") }
        return try JSONDecoder().decode(LoadResult.self, from: printed).withoutFailures()
    }
}
