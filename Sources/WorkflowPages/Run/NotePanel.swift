import WorkflowModel

/// The notes of a run, with a form for another one.
struct NotePanel: Sendable {
    struct Note: Sendable {
        var writtenBy: String
        var time: TimeText
        var text: String
    }

    /// The form; nil for a visitor who may not write, and for a run with as many notes as it may have.
    struct Form: Sendable {
        var action: String
        var formToken: String
        var longest: Int
    }

    var notes: [Note]
    /// Notes stand beside the error; without one, the form is at the end of the page.
    var hasNotes: Bool
    var form: Form?

    /// nil when there is nothing to show.
    init?(_ details: WorkflowRunDetails, for visitor: Visitor) {
        notes = details.notes.map {
            Note(writtenBy: $0.writtenBy.name.visible(), time: TimeText($0.writtenAt), text: $0.text)
        }
        hasNotes = !notes.isEmpty
        if visitor.canOperate, notes.count < RunNote.most {
            form = Form(
                action: PageAddress.notes(details.run.id), formToken: visitor.formToken, longest: RunNote.characters.upperBound)
        }
        if notes.isEmpty, form == nil { return nil }
    }
}
