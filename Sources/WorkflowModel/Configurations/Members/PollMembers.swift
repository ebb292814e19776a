/// The members of `poll`.
enum PollMembers {
    static let every = DefaultedMember(
        "every", .pollInterval, default: ConfigurationLimits.standardPollInterval,
        "The time between two polls. No worker is held meanwhile. A `Retry-After` of the reply makes it longer.", example: "15s")
    static let done = Member(
        "done", .node(.mapping(PollMatchMembers.mapping)), isRequired: true,
        "When the job has succeeded. While neither `done` nor `failed` matches, it goes on.",
        example: "{path: state, in: [SUCCESS]}")
    static let failed = Member(
        "failed", .node(.mapping(PollFailureMembers.mapping)), "When the job has failed.",
        example: "{path: state, in: [FAILED, CANCELED]}")
    static let runID = Member(
        "run_id", .replyPath,
        "The path of the job's id in the JSON body of the submitting call's reply, for the task's `run_id`.",
        example: "run_id")
    static let cancel = Member(
        "cancel", .node(.mapping(CancelMembers.mapping)),
        otherwise: "the job is left alone", "The call that cancels the job after a stop of the run, or when the timeout is over.",
        example: "{url: \"https://spark.example/api/runs/${response.body.run_id}/cancel\"}")

    static let mapping = ConfigurationMapping(
        "poll",
        example: "{url: \"https://spark.example/api/runs/${response.body.run_id}\", done: {path: state, in: [SUCCESS]}}",
        "Waits for a job that the call has started: asks for its state until it has ended. Headers of the call are sent, too. `url`, `headers` and "
            + "`json` can name the reply of the call: `response.status`, `response.headers` and `response.body`.",
        [
            HTTPMembers.method, HTTPMembers.url, HTTPMembers.headers, HTTPMembers.json, HTTPMembers.expect, every, done, failed,
            runID, cancel,
        ], rules: [.needsValue(HTTPMembers.json.name, of: HTTPMembers.method.name, in: HTTPMembers.methodsWithBody)])
}

/// The members of `done`.
enum PollMatchMembers {
    static let path = Member(
        "path", .replyPath, isRequired: true, "The path of the value in the JSON body of the reply.", example: "state")
    static let values = Member(
        "in", .node(.oneOrMore(.text(.pollState))), isRequired: true,
        "The texts that match: the value as JSON writes it, a text without quotes.",
        example: "[SUCCESS]")

    static let mapping = ConfigurationMapping(
        "done", example: "{path: state, in: [SUCCESS]}", "A value of the reply that is one of several texts.", [path, values])
}

/// The members of `failed`.
enum PollFailureMembers {
    static let attribution = Member(
        "attribution", .node(.mapping(PollBlameMembers.mapping)), otherwise: "`platform`",
        "Which failures the customer caused. All others count as caused by the platform.",
        example: "{path: error.kind, customer: [USER]}")
    static let message = Member(
        "message", .replyPath, "The path of the reason in the JSON body of the reply.", example: "error.message")

    static let mapping = ConfigurationMapping(
        "failed", example: "{path: state, in: [FAILED]}", "When the job has failed, and whose fault that is.",
        [PollMatchMembers.path, PollMatchMembers.values, attribution, message])
}

/// The members of `attribution`.
enum PollBlameMembers {
    static let customer = Member(
        "customer", .node(.oneOrMore(.text(.pollState))), isRequired: true, "The texts that mean `customer`.", example: "[USER]")

    static let mapping = ConfigurationMapping(
        "attribution", example: "{path: error.kind, customer: [USER]}", "A value of the reply that says whose fault a failure is.",
        [PollMatchMembers.path, customer])
}

/// The members of `cancel`.
enum CancelMembers {
    static let method = Member(
        "method", .node(.choice(HTTPMembers.methods), accepted: HTTPMembers.methods.listed(before: "or")), otherwise: "`POST`",
        "The method of the call, in capitals.", example: "DELETE")

    static let mapping = ConfigurationMapping(
        "cancel", example: "{url: \"https://spark.example/api/runs/${response.body.run_id}/cancel\"}",
        "A call that cancels the job. It is sent once, and its result is written into the task's log.",
        [method, HTTPMembers.url, HTTPMembers.headers, HTTPMembers.json, HTTPMembers.expect])
}

extension MemberKind where Value == ReplyPath {
    static var replyPath: MemberKind {
        let accepted = "\(ReplyPath.accepted), of \(ReplyPath.longest) bytes at most"
        return MemberKind(
            shape: .text(.replyPath), accepted: accepted,
            read: { node, name, members in
                guard let text = members.text(of: node, name, accepted) else { return nil }
                guard let path = ReplyPath(text) else {
                    members.complain(node, "\(name.quoted) must be \(accepted), not \(text.quoted)")
                    return nil
                }
                return path
            },
            written: { .string($0.text) })
    }
}

extension MemberKind where Value == Duration {
    static var pollInterval: MemberKind {
        let range = ConfigurationLimits.pollIntervals
        return MemberKind(
            shape: .text(.pollInterval), accepted: Duration.configurationForm,
            read: { node, name, members in
                guard let duration = members.duration(of: node, name, allowingZero: false, upTo: range.upperBound) else {
                    return nil
                }
                guard duration >= range.lowerBound else {
                    let (least, most) = (range.lowerBound.configurationText, range.upperBound.configurationText)
                    members.complain(
                        node, "\(name.quoted) must be \(least) to \(most), not \(duration.configurationText)")
                    return nil
                }
                return duration
            }, written: { .string($0.configurationText) })
    }
}
