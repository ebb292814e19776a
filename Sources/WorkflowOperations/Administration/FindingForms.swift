package import WorkflowAPI
package import WorkflowModel

/// The JSON form of a check's finding, on the control socket and for `--json`.
extension JSONWriter {
    package mutating func finding(_ finding: StoreFinding) {
        object { json in
            json.member("subject", finding.subject.rawValue)
            json.member("places", finding.places)
            json.member("message", finding.message)
            json.member("remedy", finding.remedy.rawValue)
        }
    }
}

extension JSONReader {
    mutating func finding() throws -> StoreFinding {
        var subject: StoreFinding.Subject?
        var places: Int?
        var message: String?
        var remedy: StoreFinding.Remedy?
        try object { reader, name in
            switch name {
            case "subject": subject = StoreFinding.Subject(rawValue: try reader.string())
            case "places": places = try reader.integer()
            case "message": message = try reader.string()
            case "remedy": remedy = StoreFinding.Remedy(rawValue: try reader.string())
            default: try reader.skip()
            }
        }
        guard let subject, let places, let message, let remedy else { throw JSONProblem("is not a finding") }
        return StoreFinding(subject, places: places, message, remedy: remedy)
    }
}
