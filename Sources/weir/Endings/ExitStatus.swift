/// How the program ends: the numbers of sysexits.h, and small ones of our own for how a run that was waited for ended.
///
/// It is thrown by a verb that has said everything already.
enum ExitStatus: Int32, Error, CaseIterable {
    case succeeded = 0
    /// The run that was waited for failed, and the configuration is at fault.
    case failedByCustomer = 1
    /// The run that was waited for failed, and something that it relies on is at fault.
    case failedByPlatform = 2
    /// The run that was waited for was stopped.
    case stopped = 3
    /// EX_USAGE: wrong arguments.
    case usage = 64
    /// EX_DATAERR: what was read is wrong.
    case data = 65
    /// EX_NOINPUT: a file, a run, a key that is not there.
    case noInput = 66
    /// EX_UNAVAILABLE: no service answers, the store cannot be used, the port is taken.
    case unavailable = 69
    /// EX_SOFTWARE: a fault of the program.
    case software = 70
    /// EX_CANTCREAT: something that is to be written cannot be created.
    case cannotCreate = 73
    /// EX_TEMPFAIL: try again later.
    case temporary = 75
    /// EX_NOPERM: credentials are missing, wrong or not enough.
    case notAllowed = 77
    /// EX_CONFIG: a setting or the environment is wrong.
    case settings = 78
}
