import NIOCore
import WorkflowAPI
import WorkflowModel

/// The output of `weir audit`.
enum AuditPrinter {
    static func table(_ events: [AuditEvent], width: Int?) -> String {
        TextTable(
            [
                .init(title: "time"), .init(title: "who", fit: .shortened), .init(title: "what", fit: .wrapped),
                .init(title: "object", fit: .shortened), .init(title: "address", leaves: 1),
                .init(title: "client", fit: .shortened, leaves: 2), .init(title: "event", leaves: 3),
            ],
            rows: events.map { event in
                [
                    HumanText.time(event.happenedAt), event.principal.name, AuditEventType.sentence(of: event.type),
                    object(event.object), text(event.origin.address), text(event.origin.userAgent), event.id.rawValue,
                ]
            }, width: width
        ).text()
    }

    /// - Parameter isFirst: whether these are the first events of the export.
    static func export(_ events: [AuditEvent], as format: RunExportFormat, isFirst: Bool) -> [UInt8] {
        switch format {
        case .ndjson: events.flatMap { event in Array("\(JSONOutput.text { $0.auditEvent(event) })\n".utf8) }
        case .csv: Array(AuditCSV.document(events, isFirst: isFirst).readableBytesView)
        }
    }

    private static func object(_ object: AuditObject) -> String {
        object.name.map { "\($0) (\(object.id))" } ?? text(object.id)
    }

    private static func text(_ text: String) -> String {
        text.isEmpty ? HumanText.nothing : text
    }
}
