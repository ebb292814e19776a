/// Exit codes: those of sysexits.h, and small ones for the result of a run after `--wait`.
///
/// A verb throws it when it has printed all its messages.
enum ExitStatus: Int32, Error, CaseIterable {
    case succeeded = 0
    /// The run failed with the attribution customer.
    case failedByCustomer = 1
    /// The run failed with the attribution platform, or without one.
    case failedOtherwise = 2
    /// The run was stopped.
    case stopped = 3
    /// EX_USAGE: wrong or missing arguments.
    case usage = 64
    /// EX_DATAERR: invalid data.
    case data = 65
    /// EX_NOINPUT: a file, a run or a key is not found.
    case noInput = 66
    /// EX_UNAVAILABLE: no service answers, the store cannot be used, or the port is in use.
    case unavailable = 69
    /// EX_SOFTWARE: an internal error.
    case software = 70
    /// EX_CANTCREAT: a file cannot be created.
    case cannotCreate = 73
    /// EX_IOERR: the output cannot be written.
    case cannotWrite = 74
    /// EX_TEMPFAIL: a temporary failure; try again later.
    case temporary = 75
    /// EX_NOPERM: credentials are missing, wrong or insufficient.
    case notAllowed = 77
    /// EX_CONFIG: an invalid setting or environment variable.
    case settings = 78
}
