package import WorkflowAPI
import WorkflowModel

/// The JSON form of a change of the key, on the control socket and for `--json`.
extension JSONWriter {
    package mutating func rekeyReport(_ report: RekeyReport) {
        object { json in
            json.member("changed", report.changed)
            json.member("key", report.key)
            json.name("unreadable")
            json.json(JSONText(.array(report.unreadable.map(JSONValue.string))))
            json.name("idle_keys")
            json.json(JSONText(.array(report.idleKeys.map(JSONValue.string))))
        }
    }
}

extension JSONReader {
    mutating func rekeyReport() throws -> RekeyReport {
        var report = RekeyReport()
        try object { reader, name in
            switch name {
            case "changed": report.changed = try reader.integer()
            case "key": report.key = try reader.optional { try $0.string() }
            case "unreadable": report.unreadable = try reader.texts()
            case "idle_keys": report.idleKeys = try reader.texts()
            default: try reader.skip()
            }
        }
        return report
    }

    private mutating func texts() throws -> [String] {
        try array { try $0.string() }
    }
}
