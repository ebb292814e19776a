import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func checkOfAllTenants(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding] {
        let findings = try await read { try $0.findings() }
        guard isRepairing, findings.contains(where: { $0.remedy == .repairable }) else { return findings }
        // Verified again inside the write, where nothing else changes. The first pass may have met a change of another
        // program half way, or the fault may have been repaired since.
        return try await write(.large) { database, signals in
            let findings = try database.findings()
            let repairable = Set(findings.filter { $0.remedy == .repairable }.map(\.subject))
            for subject in StoreFinding.Subject.allCases where repairable.contains(subject) {
                try database.repair(subject, at: now, signals: &signals)
            }
            // Not only when they were wrong before: a repaired run may have other subjects than those under which it is filed.
            if try FilingAudit(database).places > 0 { try database.fileAgain() }
            try database.countChanges()
            let left = try database.findings()
            return findings.map { finding in
                var finding = finding
                guard finding.remedy == .repairable else { return finding }
                let same = left.first { $0.subject == finding.subject && $0.message == finding.message }
                finding.remedy = same == nil ? .repaired : .lasting
                return finding
            }
        }
    }
}

extension DatabaseConnection {
    /// All findings, in the order of the subjects.
    fileprivate func findings() throws -> [StoreFinding] {
        var findings = try storageFindings() + referenceFindings()
        let wrongNodes = try CountAudit(self).wrongNodes
        if wrongNodes > 0 {
            findings.append(
                StoreFinding(
                    .counts, places: wrongNodes, "Kept counts of runs differ from the runs.",
                    remedy: .repairable))
        }
        let wronglyFiled = try FilingAudit(self).places
        if wronglyFiled > 0 {
            findings.append(
                StoreFinding(.filing, places: wronglyFiled, "Ended runs are filed differently than they are.", remedy: .repairable))
        }
        return try findings + runFindings() + limitFindings() + columnFindings()
    }

    private func storageFindings() throws -> [StoreFinding] {
        let complaints = try rows("PRAGMA integrity_check") { try $0.next(String.self) }.filter { $0 != "ok" }
        let ofIndexes = complaints.filter { $0.contains(" index ") }
        let others = complaints.count - ofIndexes.count
        var findings: [StoreFinding] = []
        if !ofIndexes.isEmpty {
            findings.append(
                StoreFinding(
                    .storage, places: ofIndexes.count, "Indexes differ from their tables.", remedy: .repairable))
        }
        if others > 0 {
            findings.append(
                StoreFinding(.storage, places: others, "The file of the database is damaged.", remedy: .lasting))
        }
        return findings
    }

    private func referenceFindings() throws -> [StoreFinding] {
        let missing = try rows("PRAGMA foreign_key_check") { _ in 1 }.count
        guard missing > 0 else { return [] }
        return [StoreFinding(.references, places: missing, "Rows refer to rows that do not exist.", remedy: .lasting)]
    }

    fileprivate func repair(_ subject: StoreFinding.Subject, at now: Timestamp, signals: inout Set<StoreSignal>) throws {
        switch subject {
        case .storage: try change("REINDEX")
        case .references: break
        case .counts: try rebuildCounts()
        case .runs: try amendRuns(at: now, signals: &signals)
        case .tasks:
            try amendRuns(at: now, signals: &signals)
            try emptyOpenQueues(signals: &signals)
        // Filing is repaired last.
        case .output, .schedules, .filing, .secrets, .audit: break
        }
        for rule in ColumnRule.all where rule.subject == subject {
            if let repair = rule.repair { try change(repair) }
        }
    }
}
