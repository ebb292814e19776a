extension ExitStatus {
    /// The name in sysexits.h; nil for a number of our own.
    var symbol: String? {
        switch self {
        case .succeeded: "EX_OK"
        case .failedByCustomer, .failedOtherwise, .stopped: nil
        case .usage: "EX_USAGE"
        case .data: "EX_DATAERR"
        case .noInput: "EX_NOINPUT"
        case .unavailable: "EX_UNAVAILABLE"
        case .software: "EX_SOFTWARE"
        case .cannotCreate: "EX_CANTCREAT"
        case .cannotWrite: "EX_IOERR"
        case .temporary: "EX_TEMPFAIL"
        case .notAllowed: "EX_NOPERM"
        case .settings: "EX_CONFIG"
        }
    }

    /// The cause, as one sentence.
    var meaning: String {
        switch self {
        case .succeeded: "The verb did what it was asked to. After a wait: the run succeeded."
        case .failedByCustomer: "The run failed, and the error's attribution is `customer`."
        case .failedOtherwise: "The run failed, and the error's attribution is `platform` or unknown."
        case .stopped: "The run was stopped."
        case .usage: "An argument or option is missing, unknown or wrong."
        case .data: "The input is wrong, or conflicts with the present state."
        case .noInput: "The file, run, configuration or key was not found."
        case .unavailable: "The service does not answer, the store cannot be used, or the port is taken."
        case .software: "An error inside the program or the service."
        case .cannotCreate: "A file or directory cannot be created."
        case .cannotWrite: "The output cannot be written."
        case .temporary: "Something is busy: a rate limit, another process that owns the data directory, a run that goes on."
        case .notAllowed: "The credentials are missing or wrong, or their policies do not suffice."
        case .settings: "A setting, an environment variable or the version of the store does not fit."
        }
    }

    /// The next step for a user or a script.
    var advice: String {
        switch self {
        case .succeeded: "Nothing."
        case .failedByCustomer: "Change the configuration or its data, then run again."
        case .failedOtherwise: "Run again later."
        case .stopped: "Run again if the stop was a mistake."
        case .usage: "See `--help` of the verb."
        case .data: "Read the message, which names what is accepted."
        case .noInput: "Check the name."
        case .unavailable: "Check the address, then try again."
        case .software: "Report it with the message."
        case .cannotCreate: "Check the path and its permissions."
        case .cannotWrite: "Check the disk and the file that the output goes to."
        case .temporary: "Try again after a while."
        case .notAllowed: "Check `WEIR_TOKEN`, or `WEIR_CLIENT_ID` and `WEIR_CLIENT_SECRET`, and the key's policies."
        case .settings: "Correct what the message names."
        }
    }
}
