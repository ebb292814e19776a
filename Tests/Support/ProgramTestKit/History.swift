import WorkflowModel

/// Lines of history to import.
public enum History {
    private static let noon = Timestamp(iso8601: "2024-02-10T12:00:00Z") ?? .earliest

    public static func line(_ number: Int, tenant: String = "acme") -> String {
        let created = noon + .seconds(number)
        let digits = String(number)
        let id = "wf-20240210-\(String(repeating: "0", count: max(0, 5 - digits.count)) + digits)-import"
        return #"{"id":"\#(id)","name":"Daily","type":"courier.group/run","state":"succeeded","tenant":"\#(tenant)","#
            + #""created_at":"\#(created.iso8601)","ended_at":"\#((created + .seconds(60)).iso8601)","#
            + #""principal_id":"p","principal_name":"A person"}"#
    }

    public static func text(_ numbers: some Sequence<Int>) -> String {
        numbers.map { line($0) + "\n" }.joined()
    }
}
