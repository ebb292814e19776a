import Foundation
import WorkflowModel

/// A command with everything found and made that it takes to start it.
struct PreparedCommand: Sendable {
    var program: String
    /// The words of the command as they were written, the program's name first.
    var words: [String]
    /// Absolute.
    var directory: String
    var files: AttemptFiles
    var variables: [String: String]

    /// Finds the directory and the program and makes the files. Blocks.
    static func preparing(_ attempt: TaskAttempt, environment: CommandEnvironment, workDirectory: String, scratchDirectory: String)
        -> Result<PreparedCommand, RunError>
    {
        guard case .command(let words) = attempt.definition.action, let name = words.first, !name.isEmpty else {
            return .failure(CommandFault.notFound("The task names no program."))
        }
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            return .failure(CommandFault.notFound("A word of the command holds a NUL character, which no program can be given."))
        }
        return workingDirectory(of: attempt, below: workDirectory).flatMap { directory in
            guard let program = Program.find(name, path: environment.path, directory: directory) else {
                return .failure(CommandFault.programNotFound(name))
            }
            guard let files = try? AttemptFiles(for: attempt, in: scratchDirectory) else {
                return .failure(CommandFault.notStarted("the files that it is handed could not be written"))
            }
            return .success(
                PreparedCommand(
                    program: program, words: words, directory: directory, files: files,
                    variables: environment.variables(of: attempt, inputs: files.inputs, output: files.output)))
        }
    }

    private static func workingDirectory(of attempt: TaskAttempt, below workDirectory: String) -> Result<String, RunError> {
        var isDirectory: ObjCBool = false
        if let directory = attempt.directory {
            let isThere = FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory)
            return isThere && isDirectory.boolValue && directory.hasPrefix("/")
                ? .success(directory) : .failure(CommandFault.noDirectory(directory))
        }
        let own = "\(workDirectory)/\(attempt.tenant.name)/\(FileName.encoding(attempt.configuration))"
        if FileManager.default.fileExists(atPath: own, isDirectory: &isDirectory), isDirectory.boolValue { return .success(own) }
        do {
            try FileManager.default.createDirectory(
                atPath: own, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            return .success(own)
        } catch {
            return .failure(CommandFault.notStarted("its working directory could not be made"))
        }
    }
}
