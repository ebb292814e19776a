import Subprocess
import SystemPackage
import WorkflowModel

/// Why a command could not be started.
enum CommandFault {
    static func notFound(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.command/not-found", message: message)
    }

    static func programNotFound(_ name: String) -> RunError {
        notFound(
            name.contains("/")
                ? "There is no executable file \(name); a path is looked up from the command's working directory."
                : "There is no program \(name) on the PATH of the service.")
    }

    static func noDirectory(_ directory: String) -> RunError {
        RunError(
            attribution: .customer, type: "weir.task.command/no-directory",
            message: "The working directory \(directory) is not a directory that the service can enter.")
    }

    static func notStarted(_ reason: String) -> RunError {
        RunError(
            attribution: .platform, type: "weir.task.command/start", message: "The command could not be started: \(reason).")
    }

    /// What the system had against starting it.
    static func refusal(_ error: any Error, of command: PreparedCommand) -> RunError {
        guard let error = error as? SubprocessError else { return notStarted("the system refused it") }
        switch (error.code, error.underlyingError) {
        case (.executableNotFound, _):
            return programNotFound(command.words[0])
        case (.failedToChangeWorkingDirectory, _):
            return noDirectory(command.directory)
        case (_, Errno.execFormatError?):
            return notFound("\(command.words[0]) is not a program: a script begins with #! and the path of its interpreter.")
        case (_, Errno.argListTooLong?):
            return RunError(
                attribution: .customer, type: "weir.task.command/start",
                message: "The command could not be started: its words and its environment are longer than the system allows.")
        case (_, let reason?):
            return notStarted("the system said \(reason)")
        case (_, nil):
            return notStarted("the system refused it")
        }
    }
}
