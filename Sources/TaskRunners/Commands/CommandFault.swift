import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Errors of commands that could not be started.
enum CommandFault {
    static func notFound(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.command/not-found", message: message)
    }

    /// No program can be executed under this name. Blocks.
    /// - Parameter file: the file that the name refers to, or the first match on the PATH; nil when none exists.
    static func programNotFound(_ name: String, file: String?) -> RunError {
        guard let file, let sentence = ProgramFault.sentence(of: file, name: name.contains("/") ? name : file) else {
            return notFound(
                name.contains("/")
                    ? "\(name) cannot be executed." : "Program \(name) not found on the PATH of the service.")
        }
        if name.contains("/") {
            let isRelative = name.utf8.first != UInt8(ascii: "/")
            return notFound(sentence + (isRelative ? " Relative paths are resolved against the command's working directory." : ""))
        }
        return notFound("Program \(name) on the PATH of the service cannot be executed: \(sentence)")
    }

    /// - Parameter user: the user that runs tasks; nil for the service's user.
    static func noDirectory(_ directory: String, for user: TaskUser? = nil) -> RunError {
        let subject = user.map { "the user \($0.name)" } ?? "the service"
        return RunError(
            attribution: .customer, type: "weir.task.command/no-directory",
            message: "The working directory \(directory) does not exist, or \(subject) may not enter it.")
    }

    private static func systemError(_ code: CInt) -> String {
        "the system reported “\(String(cString: strerror(code)))”"
    }

    static func notStarted(_ reason: String) -> RunError {
        RunError(
            attribution: .platform, type: "weir.task.command/start", message: "The command could not be started: \(reason).")
    }

    /// The command ran, but no descriptor became available for reading its output.
    static let notRead = RunError(
        attribution: .platform, type: "weir.task.command/output",
        message: "The file at WEIR_OUTPUT could not be read: the service has no free file descriptor.")

    /// No descriptor or process became available in time.
    static func shortage(_ failure: StartFailure) -> RunError {
        notStarted(
            DescriptorReserve.isShortage(failure.reason)
                ? "the service has no free file descriptor" : systemError(failure.reason))
    }

    /// Other code in this process has already waited for the command.
    static let endUnknown = RunError(
        attribution: .platform, type: "weir.task.command/end", message: "The command ended, but its exit status is unknown.")

    /// The error for a refusal of the system. Blocks.
    static func refusal(_ failure: StartFailure, of command: PreparedCommand, as user: TaskUser? = nil) -> RunError {
        switch (failure.step, failure.reason) {
        case (.directory, _):
            return noDirectory(command.directory, for: user)
        case (.program, ETXTBSY):
            return notStarted("\(command.words[0]) is still being written")
        case (.program, ENOENT), (.program, EACCES), (.program, ENOTDIR), (.program, ENOEXEC), (.program, ELOOP), (.program, EPERM),
            (.program, ELIBBAD), (.program, EINVAL):
            if let sentence = ProgramFault.sentence(of: command.program, name: command.words[0]) { return notFound(sentence) }
            // The cause has disappeared meanwhile, or the file does not show it.
            return notStarted("\(systemError(failure.reason)) (\(command.words[0]))")
        case (.program, E2BIG):
            return RunError(
                attribution: .customer, type: "weir.task.command/start",
                message: "The command could not be started: its arguments and environment exceed the limit of the system.")
        case (.user, let reason):
            let name = user.map { " \($0.name)" } ?? ""
            return notStarted("changing to the user\(name) failed: \(String(cString: strerror(reason)))")
        case (_, EMFILE), (_, ENFILE):
            return notStarted("the service has no free file descriptor")
        case (_, let reason):
            return notStarted(systemError(reason))
        }
    }
}
