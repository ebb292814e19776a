extension Bench {
    /// The speed of `weir import` for a large history, for runs that follow it, and for runs spread over its time.
    func importing() async throws -> SetReport {
        let history = try await history(.easy, runs: largest)
        let added = min(largest, 200_000)
        var report = SetReport("import", "\(Figure.count(added)) more runs into \(Figure.count(largest))")
        let (scratch, programs) = (scratch, programs)
        let (behind, mixed) = try await Blocking.run {
            let copy = try history.copy(to: "\(scratch)/import")
            return try (
                LoadedHistory.load(
                    .easy, runs: added, of: LoadedHistory.tenant, into: copy.directory, seed: 2, behind: largest, with: programs),
                LoadedHistory.load(
                    .easy, runs: added, of: LoadedHistory.tenant, into: copy.directory, seed: 1, with: programs)
            )
        }
        report.found(
            "imported from nothing, \(Figure.count(largest)) runs", Double(history.runs) / history.importSeconds, "runs/s",
            .atLeast(40_000), note: "reading and checking the lines, and making them, included; so below")
        report.found(
            "imported behind \(Figure.count(largest)) runs", Double(added) / behind, "runs/s", .atLeast(40_000),
            note: "of the days that come next")
        report.found(
            "imported into \(Figure.count(largest)) runs", Double(added) / mixed, "runs/s", .atLeast(40_000),
            note: "times mixed with those that are there")
        return report
    }
}
