/// A call that starts a job in another system, and how its end is awaited.
public struct HTTPJob: Hashable, Sendable {
    /// Starts the job.
    public var submit: HTTPCall
    public var poll: HTTPPoll

    public init(submit: HTTPCall, poll: HTTPPoll) {
        self.submit = submit
        self.poll = poll
    }
}

/// How the state of a submitted job is asked for, and what its states mean.
public struct HTTPPoll: Hashable, Sendable {
    /// Asks for the state. The task's outputs are picked from its reply at the end. Its headers include those of the submitting call.
    public var call: HTTPCall
    public var every: Duration
    /// The job has succeeded.
    public var done: Match
    /// The job has failed; nil when it fails by other means, such as a status of the reply.
    public var failed: Failure?
    /// The id of the job in the reply of the submitting call, as the task shows it.
    public var runID: ReplyPath?
    /// Cancels the job after a stop or a timeout; nil when that is not possible.
    public var cancel: HTTPCall?

    /// A value of the reply that is one of several texts.
    public struct Match: Hashable, Sendable {
        public var path: ReplyPath
        public var values: Set<ExactText>

        public init(path: ReplyPath, values: Set<ExactText>) {
            self.path = path
            self.values = values
        }

        /// Lists and objects match nothing.
        public func matches(_ reply: JSONValue) -> Bool {
            path.scalar(in: reply).map { values.contains(ExactText($0)) } ?? false
        }
    }

    public struct Failure: Hashable, Sendable {
        public var match: Match
        /// Failures that the customer caused. Others are the platform's.
        public var customer: Match?
        /// Where the reply says why the job failed.
        public var message: ReplyPath?

        public init(match: Match, customer: Match? = nil, message: ReplyPath? = nil) {
            self.match = match
            self.customer = customer
            self.message = message
        }
    }

    public init(
        call: HTTPCall, every: Duration, done: Match, failed: Failure? = nil, runID: ReplyPath? = nil, cancel: HTTPCall? = nil
    ) {
        self.call = call
        self.every = every
        self.done = done
        self.failed = failed
        self.runID = runID
        self.cancel = cancel
    }
}

extension ReplyPath {
    /// The text of a value that is neither a list nor an object; nil when there is none.
    public func scalar(in reply: JSONValue) -> String? {
        switch value(in: reply) {
        case nil, .array, .object: nil
        case let value?: value.plainText
        }
    }
}

extension HTTPJob {
    /// The names of values in the reply of the submitting call, each once.
    public var responseReferences: [Reference] {
        var seen: Set<Reference> = []
        return (poll.call.references + (poll.cancel?.references ?? [])).filter { $0.root == .response && seen.insert($0).inserted }
    }
}
