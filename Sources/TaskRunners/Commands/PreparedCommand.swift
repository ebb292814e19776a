import Foundation
import WorkflowModel

/// A command with all that is needed to start it: program, directory, files and environment.
struct PreparedCommand: Sendable {
    var program: String
    /// The words of the command as configured, beginning with the program's name.
    var words: [String]
    /// Absolute.
    var directory: String
    var files: AttemptFiles
    var variables: [String: String]

    /// Why a command cannot be prepared.
    enum Refusal: Error {
        case fault(RunError)
        /// No descriptor is available. One may be a little later.
        case shortage
    }

    /// Finds the directory and the program, and writes the files. Blocks.
    /// - Parameter user: the user that runs the command; nil for the service's user.
    static func preparing(
        _ attempt: TaskAttempt, environment: CommandEnvironment, workDirectory: String, scratchDirectory: String,
        user: TaskUser? = nil
    ) -> Result<PreparedCommand, Refusal> {
        guard case .command(let words) = attempt.definition.action, let name = words.first, !name.isEmpty else {
            return .failure(.fault(CommandFault.notFound("The task's command is empty. Set its first word to a program.")))
        }
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            return .failure(
                .fault(
                    CommandFault.notFound("A word of the command contains a NUL character. Remove it: programs cannot receive one.")
                ))
        }
        return workingDirectory(of: attempt, below: workDirectory, user: user).mapError(Refusal.fault).flatMap { directory in
            guard let program = Program.find(name, path: environment.path, directory: directory) else {
                let file = Program.unusable(name, path: environment.path, directory: directory)
                return .failure(.fault(CommandFault.programNotFound(name, file: file)))
            }
            let files: AttemptFiles
            do {
                files = try AttemptFiles(for: attempt, in: scratchDirectory, owner: user)
            } catch let error as POSIXError where DescriptorReserve.isShortage(error.code.rawValue) {
                return .failure(.shortage)
            } catch {
                return .failure(.fault(CommandFault.notStarted("its input files could not be written")))
            }
            var variables = environment.variables(of: attempt, inputs: files.inputs, output: files.output)
            if let user, !attempt.definition.env.contains(where: { $0.name == "HOME" }) { variables["HOME"] = user.home }
            return .success(
                PreparedCommand(program: program, words: words, directory: directory, files: files, variables: variables))
        }
    }

    private static func workingDirectory(
        of attempt: TaskAttempt, below workDirectory: String, user: TaskUser?
    ) -> Result<String, RunError> {
        var isDirectory: ObjCBool = false
        if let directory = attempt.directory {
            let isThere = FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory)
            return isThere && isDirectory.boolValue && directory.hasPrefix("/")
                ? .success(directory) : .failure(CommandFault.noDirectory(directory, for: user))
        }
        let parent = "\(workDirectory)/\(attempt.tenant.name)"
        let own = "\(parent)/\(FileName.encoding(attempt.configuration))"
        if user == nil, FileManager.default.fileExists(atPath: own, isDirectory: &isDirectory), isDirectory.boolValue {
            return .success(own)
        }
        do {
            if let user {
                // These parents can be traversed but not listed.
                for directory in [workDirectory, parent] { try OwnedDirectory.make(directory, permissions: 0o711) }
                try OwnedDirectory.make(own, permissions: 0o700, owner: user)
            } else {
                try FileManager.default.createDirectory(
                    atPath: own, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            return .success(own)
        } catch {
            return .failure(CommandFault.notStarted("its working directory could not be created"))
        }
    }
}
