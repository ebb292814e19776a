import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("The JSON of decisions about tasks")
struct ResolutionFormTests {
    @Test("a run has the decisions about its tasks")
    func resolved() throws {
        var task = Samples.bareTask
        task.resolution = .succeed
        let by = Principal(id: "wk_2", name: "night-shift", email: "night@shop.example")
        let details = WorkflowRunDetails(
            run: Samples.failed, tasks: [task],
            resolutions: [
                RunResolution(task: task.id, resolution: .succeed, by: by, at: Samples.ended, reason: "done by \"hand\""),
                RunResolution(task: task.id, resolution: .fromHere, by: by, at: Samples.ended),
            ])
        let json = String(buffer: details.document(.verbose))
        #expect(
            json.contains(
                #""resolutions":[{"task_instance_id":"\#(task.id)","resolution":"succeed","#
                    + #""resolved_at":"2024-02-10T17:31:12.000Z","principal_id":"wk_2","principal_name":"night-shift","#
                    + #""principal_email":"night@shop.example","reason":"done by \"hand\""},"#))
        #expect(json.contains(#""resolution":"succeed""#) && json.contains(#""resolution":"from-here""#))
        #expect(try WorkflowRunDetails(json: Array(json.utf8)) == details)
        // A newer service may know other resolutions.
        let newer = json.replacing("from-here", with: "moonlight")
        #expect(try WorkflowRunDetails(json: Array(newer.utf8)).resolutions.map(\.resolution) == [.succeed])
    }
}
