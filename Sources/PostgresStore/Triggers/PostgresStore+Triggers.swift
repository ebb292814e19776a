import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func waitingFiringsOfAllTenants(at now: Timestamp, limit: Int) async throws -> [TriggerFiring] {
        try await read { database in
            try database.rows(FiringStatement.waiting, now, max(0, limit)) { columns in
                try columns.nextFiring(of: try database.tenant(numbered: try columns.next()))
            }
        }
    }

    public func record(_ decision: FiringDecision, at now: Timestamp) async throws -> FiringReceipt {
        let months = Set([decision.start].compactMap(\.self).map { PartitionMonth(of: $0.createdAt) })
        return try await write(into: months) { (database, attempt: inout WriteAttempt<FiringReceipt>) in
            guard let tenant = try database.number(of: decision.firing.tenant) else { return .gone }
            return try database.record(decision, tenant: tenant) { plan in
                try database.insert(plan, tenant: tenant, recording: plan.startEvent, signals: &attempt.signals)
            }
        }
    }

    public func firing(_ id: String, of tenant: Tenant) async throws -> TriggerFiring? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.row(FiringStatement.one, number, id) { try $0.nextFiring(of: tenant) }
        }
    }

    public func firings(after run: RunID, of tenant: Tenant, limit: Int) async throws -> [TriggerFiring] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            let ids = TriggerFiring.ids(after: run)
            return try database.rows(FiringStatement.afterRun, number, ids.first, ids.end, max(0, limit)) {
                try $0.nextFiring(of: tenant)
            }
        }
    }

    public func firings(matching query: FiringQuery) async throws -> FiringPage {
        try await read { database in
            guard let tenant = try database.number(of: query.tenant) else { return FiringPage(firings: [], next: nil) }
            let bounds = FiringBounds(query)
            let firings = try database.rows(
                FiringStatement.page,
                values: [
                    tenant, query.configuration, bounds.from, bounds.to, bounds.last, bounds.lastID, bounds.limit + 1,
                ]
            ) { try $0.nextFiring(of: query.tenant) }
            return FiringPage(reading: firings, limit: bounds.limit)
        }
    }
}
