import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Closing tasks on the wire")
struct ClosingFormTests {
    @Test("a closing task says when it runs, and a run that is stopping until when")
    func closing() throws {
        var tasks = [Samples.bareTask, Samples.bareTask]
        tasks[1].id = TaskID(rawValue: "wft-closing")
        tasks[1].when = .failure
        (tasks[1].state, tasks[1].skipReason) = (.skipped, .noFailure)
        tasks[1].endedAt = Samples.ended
        var run = Samples.failed
        (run.state, run.endedAt, run.error) = (.stopping, nil, nil)
        let details = WorkflowRunDetails(run: run, closingUntil: Samples.ended, tasks: tasks)
        let json = details.document(.verbose)
        let text = String(buffer: json)
        #expect(text.contains(#""closing_until":"2024-02-10T17:31:12.000Z""#))
        #expect(text.contains(#""skip_reason":"no_failure","when":"failure"}"#))
        #expect(text.ranges(of: "\"when\"").count == 1)
        let read = try WorkflowRunDetails(json: Array(json.readableBytesView))
        #expect(read.closingUntil == details.closingUntil)
        #expect(read.tasks.map(\.when) == [.success, .failure])
        let newer = text.replacing("\"when\":\"failure\"", with: "\"when\":\"moonlight\"")
        #expect(try WorkflowRunDetails(json: Array(newer.utf8)).tasks.map(\.when) == [.success, .success])
    }
}
