import GRDB
import WorkflowModel

// Receivers and rules are few, and handed out in one page each.
extension Database {
    func transferredReceivers() throws -> TransferPage {
        TransferPage(records: .alertReceivers(try rows(ReceiverStatement.columns) { try $0.nextReceiver() }), next: nil)
    }

    func transferredAlertRules() throws -> TransferPage {
        let tenants = try rows("SELECT number, name FROM tenants ORDER BY number") {
            (number: try $0.next(Int64.self), name: try $0.nextTenant())
        }
        return TransferPage(
            records: .alertRules(try tenants.flatMap { try configurationAlerts(of: $0.number, named: $0.name) }), next: nil)
    }

    func transferredAlerts(after number: Int64) throws -> TransferPage {
        let found = try rows(
            "SELECT number, tenant FROM alerts WHERE number > ? ORDER BY number LIMIT ?", number, TransferLimits.records
        ) { (number: try $0.next(Int64.self), tenant: try $0.next(Int64.self)) }
        let records = try found.compactMap { found -> TransferredAlert? in
            guard let tenant = try tenant(numbered: found.tenant) else { return nil }
            let stored = try row(AlertStatement.columns + "WHERE a.number = ?", found.number) { try $0.nextAlert(of: tenant) }
            return stored.map { TransferredAlert(alert: $0.alert, runCreatedAt: $0.runCreatedAt) }
        }
        let next = found.count == TransferLimits.records ? found.last.map { TransferPlace(text: "\($0.number)") } : nil
        return TransferPage(records: .alerts(records), next: next)
    }
}
