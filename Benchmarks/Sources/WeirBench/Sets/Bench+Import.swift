extension Bench {
    /// How fast `weir import` adds runs to a history that is large already.
    func importing() async throws -> SetReport {
        let history = try await history(.easy, runs: largest)
        let added = min(largest, 200_000)
        var report = SetReport("import", "\(Figure.count(added)) more runs into \(Figure.count(largest))")
        let (scratch, programs) = (scratch, programs)
        let seconds = try await Blocking.run {
            let copy = try history.copy(to: "\(scratch)/import")
            return try LoadedHistory.load(
                .easy, runs: added, of: LoadedHistory.tenant, into: copy.directory, seed: 1, with: programs)
        }
        report.found(
            "imported into \(Figure.count(largest)) runs", Double(added) / seconds, "runs/s", .atLeast(40_000),
            note: "times mixed with those that are there; reading and checking the lines, and making them, included")
        report.found("imported from nothing", Double(history.runs) / history.importSeconds, "runs/s")
        return report
    }
}
