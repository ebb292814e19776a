public import WorkflowModel

// The places of every list that has a `next_token`.

extension PageTokenSealer {
    public func seal(_ cursor: RunCursor, of query: RunQuery) -> String {
        seal(in: .runs(query)) { place in
            place.append(bigEndian: UInt64(bitPattern: cursor.value))
            place.append(contentsOf: cursor.id.rawValue.utf8)
        }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant, filter or order.
    public func open(_ token: String, of query: RunQuery) -> RunCursor? {
        guard var place = open(token, in: .runs(query)), let value = place.nextNumber() else { return nil }
        guard let id = String(validating: place, as: UTF8.self) else { return nil }
        return RunCursor(key: query.sort.key, value: value, id: RunID(rawValue: id))
    }

    public func seal(_ place: TickPlace, of query: TickQuery) -> String {
        seal(in: .ticks(query)) { bytes in
            bytes.append(bigEndian: UInt64(bitPattern: place.instant.milliseconds))
            bytes.append(contentsOf: place.schedule.utf8)
        }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant, configuration, schedule or window.
    public func open(_ token: String, of query: TickQuery) -> TickPlace? {
        guard var place = open(token, in: .ticks(query)), let milliseconds = place.nextNumber() else { return nil }
        guard let schedule = String(validating: place, as: UTF8.self) else { return nil }
        return TickPlace(schedule: schedule, instant: Timestamp(milliseconds: milliseconds))
    }

    public func seal(_ place: FiringPlace, of query: FiringQuery) -> String {
        seal(in: .firings(query)) { bytes in
            bytes.append(bigEndian: UInt64(bitPattern: place.firedAt.milliseconds))
            bytes.append(contentsOf: place.id.utf8)
        }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant, configuration or window.
    public func open(_ token: String, of query: FiringQuery) -> FiringPlace? {
        guard var place = open(token, in: .firings(query)), let milliseconds = place.nextNumber() else { return nil }
        guard let id = String(validating: place, as: UTF8.self) else { return nil }
        return FiringPlace(firedAt: Timestamp(milliseconds: milliseconds), id: id)
    }

    public func seal(_ place: RunOutputPlace, of run: RunID, attempt: Int?, tenant: Tenant) -> String {
        seal(in: .output(of: run, attempt: attempt, tenant: tenant)) { bytes in
            for number in [place.position, place.attempt ?? 0, place.offset] { bytes.append(bigEndian: UInt64(number)) }
        }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant, run or attempt.
    public func open(_ token: String, of run: RunID, attempt: Int?, tenant: Tenant) -> RunOutputPlace? {
        guard var place = open(token, in: .output(of: run, attempt: attempt, tenant: tenant)) else { return nil }
        guard let position = place.nextNumber(), let attempt = place.nextNumber(), let offset = place.nextNumber() else {
            return nil
        }
        return RunOutputPlace(position: Int(position), attempt: attempt > 0 ? Int(attempt) : nil, offset: Int(offset))
    }

    /// - Parameter row: where the next page begins, as the store numbers it.
    public func seal(alert row: Int, in state: Alert.State?, tenant: Tenant) -> String {
        seal(in: .alerts(in: state, of: tenant)) { $0.append(bigEndian: UInt64(row)) }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant or state.
    public func openAlert(_ token: String, in state: Alert.State?, tenant: Tenant) -> Int? {
        guard var place = open(token, in: .alerts(in: state, of: tenant)) else { return nil }
        return place.nextNumber().map { Int($0) }
    }

    /// - Parameter row: where the next page begins, as the store numbers it.
    public func seal(bulkOperation row: Int, tenant: Tenant) -> String {
        seal(in: PageList(.bulkOperations, of: tenant)) { $0.append(bigEndian: UInt64(row)) }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant.
    public func openBulkOperation(_ token: String, tenant: Tenant) -> Int? {
        guard var place = open(token, in: PageList(.bulkOperations, of: tenant)) else { return nil }
        return place.nextNumber().map { Int($0) }
    }

    public func seal(_ number: Int, of query: BulkReceiptQuery) -> String {
        seal(in: .bulkReceipts(query)) { $0.append(bigEndian: UInt64(number)) }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant, operation or outcome.
    public func open(_ token: String, of query: BulkReceiptQuery) -> Int? {
        guard var place = open(token, in: .bulkReceipts(query)) else { return nil }
        return place.nextNumber().map { Int($0) }
    }

    public func seal(_ place: AuditPlace, of query: AuditQuery) -> String {
        seal(in: .auditEvents(query)) { bytes in
            bytes.append(bigEndian: UInt64(bitPattern: place.happenedAt.milliseconds))
            bytes.append(contentsOf: place.id.rawValue.utf8)
        }
    }

    /// - Returns: nil for a token that was altered, or made for another tenant, window, type or principal.
    public func open(_ token: String, of query: AuditQuery) -> AuditPlace? {
        guard var place = open(token, in: .auditEvents(query)), let milliseconds = place.nextNumber() else { return nil }
        guard let id = String(validating: place, as: UTF8.self) else { return nil }
        return AuditPlace(happenedAt: Timestamp(milliseconds: milliseconds), id: AuditEventID(rawValue: id))
    }
}

extension PageList {
    fileprivate static func runs(_ query: RunQuery) -> PageList {
        var list = PageList(.runs, of: query.tenant)
        list.add(query.sort)
        list.add(query.filter)
        return list
    }

    fileprivate static func ticks(_ query: TickQuery) -> PageList {
        var list = PageList(.ticks, of: query.tenant)
        list.add("configuration", query.configuration)
        list.add("schedule", query.schedule)
        if let from = query.window.from { list.add("from", from) }
        if let to = query.window.to { list.add("to", to) }
        return list
    }

    fileprivate static func firings(_ query: FiringQuery) -> PageList {
        var list = PageList(.firings, of: query.tenant)
        list.add("configuration", query.configuration)
        if let from = query.window.from { list.add("from", from) }
        if let to = query.window.to { list.add("to", to) }
        return list
    }

    fileprivate static func output(of run: RunID, attempt: Int?, tenant: Tenant) -> PageList {
        var list = PageList(.runOutput, of: tenant)
        list.add("run", run.rawValue)
        list.add("attempt", attempt.map(String.init))
        return list
    }

    fileprivate static func alerts(in state: Alert.State?, of tenant: Tenant) -> PageList {
        var list = PageList(.alerts, of: tenant)
        list.add("state", state?.rawValue)
        return list
    }

    fileprivate static func bulkReceipts(_ query: BulkReceiptQuery) -> PageList {
        var list = PageList(.bulkReceipts, of: query.tenant)
        list.add("operation", query.operation.rawValue)
        list.add("outcome", query.outcome?.rawValue)
        return list
    }

    fileprivate static func auditEvents(_ query: AuditQuery) -> PageList {
        var list = PageList(.auditEvents, of: query.tenant)
        if let from = query.window.from { list.add("from", from) }
        if let to = query.window.to { list.add("to", to) }
        list.add("type", query.type)
        list.add("principal", query.principal)
        return list
    }
}

extension Parameters {
    /// The place that `next_token` names; nil without one.
    /// - Throws: ``APIError`` (400) for a token that `open` returns nil for.
    public func place<Place>(_ open: (String) -> Place?) throws(APIError) -> Place? {
        guard let token = try self[PageParameters.nextToken] else { return nil }
        guard token != "null" else {
            throw .invalid("next_token is null; leave it out for the first page, and stop after the page that has none.")
        }
        guard let place = open(token) else {
            throw .invalid(
                "next_token was not made for this tenant, these filters and this order, or was altered; "
                    + "send it as it came, with the parameters of the page that it came with, or leave it out for the first page.")
        }
        return place
    }
}
