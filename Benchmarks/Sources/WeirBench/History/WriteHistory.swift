import ArgumentParser
import Glibc
import NIOCore
import WorkflowAPI
import WorkflowModel

/// `weir-bench history`: writes a history as `weir import` reads it, for a pipe between the two.
struct WriteHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Writes made-up history, a run per line, to standard output.")

    @Option var shape = HistoryShape.easy
    @Option var runs: Int
    @Option var tenant = "acme"
    @Option var seed: UInt64 = 0
    @Option(help: "Runs that come next after a history of so many, at its pace.") var behind: Int?

    func run() throws {
        guard let tenant = Tenant(tenant) else { throw ValidationError("--tenant is \(Tenant.rule).") }
        var generator = HistoryGenerator(shape: shape, tenant: tenant, count: runs, seed: seed)
        if let behind {
            generator.start = HistoryShape.end
            generator.span = HistoryShape.span * (Double(runs) / Double(max(1, behind)))
        }
        var index = 0
        while index < runs {
            let end = min(runs, index + 2_000)
            var lines = ByteBuffer()
            for number in index..<end {
                var line = JSONWriter(capacity: 384)
                line.run(generator.run(number))
                lines.writeImmutableBuffer(line.buffer)
                lines.writeStaticString("\n")
            }
            guard Self.write(lines) else { return }
            index = end
        }
    }

    /// - Returns: false after the reader has closed the pipe.
    private static func write(_ lines: ByteBuffer) -> Bool {
        lines.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}

extension HistoryShape: ExpressibleByArgument {}
