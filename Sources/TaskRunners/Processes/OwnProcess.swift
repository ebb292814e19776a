import CTaskProcess

/// Sets up this process, before it creates threads and runs tasks.
public enum OwnProcess {
    /// Resets settings inherited from the parent: blocked and ignored signals, and closed standard streams. The number of a closed
    /// stream would otherwise go to a socket or to the database.
    public static func resetInheritedState() {
        weir_reset_inherited_state()
    }

    /// Whether the parent ignored SIGHUP, as nohup does. It stays ignored then.
    public static var isHangupIgnored: Bool { weir_hangup_is_ignored() }

    /// Makes a crash print one line and the addresses of its thread, then end immediately.
    public static func reportCrashesBriefly() {
        weir_report_crashes()
    }

    /// Protects the memory and the `/proc` files of this process from other processes of the same user, such as tasks.
    /// - Returns: false when the system does not support that.
    @discardableResult
    public static func hide() -> Bool {
        weir_hide()
    }

    /// Removes variables from the environment, also from `/proc`.
    public static func forgetVariables(_ names: some Sequence<String>) {
        for name in names { weir_overwrite_variable(name) }
    }

    /// Removes the passwords in URLs from the command line that `ps` and `/proc` show.
    public static func forgetPasswordsInWords() {
        weir_overwrite_passwords_in_words()
    }
}
