import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Note: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Leaves a note on a run.",
        discussion: """
            A note has an author and a time. It is shown with the run, exported as NDJSON, and never changed. The run may go on or \
            have ended.

            EXAMPLE
              weir note wf-20240619-14574-6kyYdY "Late files; the supplier knows."
            """)

    @Argument(help: ArgumentHelp("Id of the run."), transform: Reading.runID)
    var id: RunID

    @Argument(help: ArgumentHelp("Text of the note."), transform: Reading.noteText)
    var text: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let note = try await client.client().addNote(text, to: id)
        if output.json {
            try console.print(JSONOutput.text { $0.note(note) })
        } else {
            console.note("\(id) has a new note.")
        }
    }
}
