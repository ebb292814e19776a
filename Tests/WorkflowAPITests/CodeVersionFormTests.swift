import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Code versions on the wire")
struct CodeVersionFormTests {
    @Test("a run with the code of its version and of the current one")
    func code() throws {
        var details = WorkflowRunDetails(run: Samples.scheduled)
        details.code = CodeVersion(commit: String(repeating: "0", count: 40), isDirty: false)
        details.currentCode = CodeVersion(commit: String(repeating: "f", count: 64), isDirty: true)
        let json = details.document(.verbose)
        let members =
            #""code":{"commit":"\#(String(repeating: "0", count: 40))","dirty":false},"#
            + #""current_code":{"commit":"\#(String(repeating: "f", count: 64))","dirty":true}"#
        #expect(String(buffer: json) == "{\(Samples.scheduledJSON),\(members),\"task_instances\":[]}")
        #expect(try WorkflowRunDetails(json: Array(json.readableBytesView)) == details)
        // A newer service may know other forms of a commit.
        let other = String(buffer: json).replacing(String(repeating: "f", count: 64), with: "r1234")
        #expect(try WorkflowRunDetails(json: Array(other.utf8)).currentCode == nil)
    }

    @Test("a configuration with the code of its directory")
    func configuration() throws {
        let code = CodeVersion(commit: String(repeating: "1", count: 40), isDirty: true)
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: Samples.acme, configuration: "cg-daily", number: 3,
            name: "Daily", type: "a.b",
            source: ConfigurationSource(text: "id: cg-daily\n", format: .yaml, directory: "/srv/daily", code: code),
            createdAt: Samples.created, createdBy: Principal(id: "wk_1", name: "CI"))
        let document = version.document(labels: RunLabels(), pause: nil)
        let member = #","code":{"commit":"\#(String(repeating: "1", count: 40))","dirty":true}"#
        #expect(String(buffer: document).contains(member + #","format":"#))
        #expect(try ConfigurationAnswer(json: Array(document.readableBytesView)).source == version.source)
        let list = ConfigurationVersion.listDocument([version], labels: { _ in RunLabels() }, pauses: [:], records: [:])
        #expect(String(buffer: list).contains(member + "}"))
        #expect(try ConfigurationAnswer.list(json: Array(list.readableBytesView)).map(\.code) == [code])
    }
}
