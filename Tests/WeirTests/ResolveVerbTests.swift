import ArgumentParser
import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

@Suite("weir resolve")
struct ResolveVerbTests {
    @Test func aTaskComesWithAResolution() throws {
        let verb = try #require(
            try Weir.parseAsRoot(["resolve", "wf-1", "score", "from-here", "--reason", "late files"]) as? Resolve)
        #expect(verb.id.rawValue == "wf-1" && verb.task == "score" && verb.resolution == .fromHere && verb.reason == "late files")
        #expect(try Weir.parseAsRoot(["resolve", "wf-1"]) is Resolve)
    }

    @Test(arguments: [
        (["score"], "Give a task and a resolution, or neither."),
        (["score", "ignore"], "retry, skip, succeed, from-here, from-start"),
        (["--reason", "x"], "need a task and a resolution"), (["score", "skip", "--reason", "a\nb"], "The reason"),
        (["score", "skip", "--version", "newest"], "current"),
    ])
    func otherwiseTheMessageSaysWhatIsAccepted(_ words: [String], message: String) {
        do {
            _ = try Weir.parseAsRoot(["resolve", "wf-1"] + words)
            Issue.record("accepted")
        } catch {
            #expect(Weir.fullMessage(for: error).contains(message), "\(Weir.fullMessage(for: error))")
        }
    }

    @Test func offersAndDecisionsAreTables() throws {
        let json = #"""
            {"workflow_id":"wf-1","state":"running-with-failures","tasks":[{"task_instance_id":"wft-1","task_definition_id":"clean",
            "label":"Clean","state":"failed","offers":[{"resolution":"retry","starts_rerun":false,"sentence":"Retry it: now."},
            {"resolution":"skip","starts_rerun":false,"sentence":"Skip it: Score will run without its outputs."}]}],
            "resolutions":[{"task_instance_id":"wft-2","resolution":"skip","resolved_at":"2024-06-19T12:00:00.000Z",
            "principal_id":"wk_1","principal_name":"deploy","reason":"known"}]}
            """#
        let answer = try ResolutionsAnswer(json: Array(json.utf8))
        let text = ResolutionTables.text(answer, names: [TaskID(rawValue: "wft-2"): "load"], width: nil)
        for words in ["clean", "Failed", "skip", "Skip it: Score will run without its outputs.", "load", "deploy", "known"] {
            #expect(text.contains(words), "\(words) is missing:\n\(text)")
        }
        #expect(try ResolutionsAnswer(json: Array(JSONOutput.text(answer.document).utf8)) == answer)
    }
}
