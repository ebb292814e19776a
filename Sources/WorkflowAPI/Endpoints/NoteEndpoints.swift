import HTTPTypes
import WorkflowModel

/// Notes on runs.
public enum NoteEndpoints {
    public static let all = [add]

    public static let add = Endpoint(
        "addNote", .post, "/api/workflow/runs/{id}/notes", .policy(.operator), tag: .runs,
        summary: "Leaves a note on a run.",
        details: """
            On a run in any state, also on imported history. A note is never changed; it is deleted with its run. The verbose view of \
            the run and exported lines of JSON have its notes. 409 when the run has \(RunNote.most) notes.
            """,
        parameters: [RunEndpoints.id],
        body: .json("NoteRequest", upTo: Limits.noteBody),
        responses: [.created("The note.", "RunNote")],
        otherErrors: [.conflict])
}
