import StoreCore
import WorkflowModel

extension DatabaseConnection {
    func allReceivers() throws -> [AlertReceiver] {
        try rows(ReceiverStatement.columns) { try $0.nextReceiver() }
    }

    func allAlertRules() throws -> [ConfigurationAlerts] {
        let tenants = try rows("SELECT number, name FROM tenants ORDER BY number") {
            (number: try $0.next(Int.self), name: try $0.nextTenant())
        }
        return try tenants.flatMap { try configurationAlerts(of: $0.number, named: $0.name) }
    }

    func alerts(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredAlert>] {
        let found = try rows("SELECT number, tenant FROM alerts WHERE number > ? ORDER BY number LIMIT ?", key.number, limit) {
            (number: try $0.next(Int.self), tenant: try $0.next(Int.self))
        }
        return try found.compactMap { found -> TransferredRow<NumberPlace, TransferredAlert>? in
            let tenant = try tenant(numbered: found.tenant)
            return try row(AlertStatement.columns + "WHERE a.number = ?", found.number) {
                TransferredRow(NumberPlace(number: found.number), try $0.nextAlert(of: tenant).transferred)
            }
        }
    }
}
