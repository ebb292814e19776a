/// Notes on runs. They stand beside the runs: writing one changes no run, and they are deleted with their run.
public protocol NoteStore: Sendable {
    /// Adds a note to a run in any state, also on imported history.
    func addNote(_ note: RunNote, to run: RunID, of tenant: Tenant) async throws -> NoteOutcome

    /// The notes of these runs, in the order in which they were written. Runs without notes are left out.
    func notes(on runs: [RunID], of tenant: Tenant) async throws -> [RunID: [RunNote]]

    /// How many notes these runs have. Runs without notes are left out.
    func noteCounts(on runs: [RunID], of tenant: Tenant) async throws -> [RunID: Int]
}
