extension Bench {
    func postgres() async throws -> SetReport {
        var report = SetReport("postgres", "pages and totals over PostgreSQL, against the best hand-written SQL in pgbench")
        report.missing.append("all of it: this build of weir serve has no --database")
        return report
    }
}
