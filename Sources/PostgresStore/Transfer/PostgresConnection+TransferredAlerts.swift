import WorkflowModel

// Receivers and rules are few, and handed out in one page each.
extension PostgresConnection {
    func transferredReceivers() throws -> TransferPage {
        let receivers = try rows(ReceiverStatement.columns + "ORDER BY r.tenant, r.name") { try nextReceiver(&$0) }
        return TransferPage(records: .alertReceivers(receivers), next: nil)
    }

    func transferredAlertRules() throws -> TransferPage {
        let tenants = try rows("SELECT number FROM tenants ORDER BY number") { try $0.next(Int.self) }
        return TransferPage(
            records: .alertRules(try tenants.flatMap { try configurationAlerts(of: $0, named: try tenant(numbered: $0)) }),
            next: nil)
    }

    func transferredAlerts(after number: Int) throws -> TransferPage {
        let found = try rows(
            AlertStatement.columns + "WHERE a.number > $1 ORDER BY a.number LIMIT $2", number, TransferLimits.records
        ) { try nextAlert(&$0) }
        let next = found.count == TransferLimits.records ? found.last.map { TransferPlace(text: "\($0.number)") } : nil
        return TransferPage(
            records: .alerts(found.map { TransferredAlert(alert: $0.alert, runCreatedAt: $0.runCreatedAt) }), next: next)
    }

    func add(_ receivers: [AlertReceiver]) throws {
        for receiver in receivers { try insert(receiver, of: try numberMaking(receiver.tenant)) }
    }

    func add(_ rules: [ConfigurationAlerts]) throws {
        for one in rules { try saveRoutes(one.routes, of: one.configuration, tenant: try numberMaking(one.tenant)) }
    }

    func add(_ alerts: [TransferredAlert]) throws {
        for alert in alerts { try insert([alert], of: try numberMaking(alert.alert.tenant)) }
    }
}
