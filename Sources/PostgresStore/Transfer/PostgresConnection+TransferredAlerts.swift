import StoreCore
import WorkflowModel

extension PostgresConnection {
    func allReceivers() throws -> [AlertReceiver] {
        try rows(ReceiverStatement.columns + "ORDER BY r.tenant, r.name") { try nextReceiver(&$0) }
    }

    func allAlertRules() throws -> [ConfigurationAlerts] {
        let tenants = try rows("SELECT number FROM tenants ORDER BY number") { try $0.next(Int.self) }
        return try tenants.flatMap { try configurationAlerts(of: $0, named: try tenant(numbered: $0)) }
    }

    func alerts(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredAlert>] {
        try rows(AlertStatement.columns + "WHERE a.number > $1 ORDER BY a.number LIMIT $2", key.number, limit) {
            let stored = try nextAlert(&$0)
            return TransferredRow(NumberPlace(number: stored.number), stored.transferred)
        }
    }

    func add(_ receivers: [AlertReceiver]) throws {
        for receiver in receivers { try insert(receiver, of: try findOrCreate(receiver.tenant)) }
    }

    func add(_ rules: [ConfigurationAlerts]) throws {
        for one in rules { try saveRoutes(one.routes, of: one.configuration, tenant: try findOrCreate(one.tenant)) }
    }

    func add(_ alerts: [TransferredAlert]) throws {
        for alert in alerts { try insert(alert, of: try findOrCreate(alert.alert.tenant)) }
    }
}
