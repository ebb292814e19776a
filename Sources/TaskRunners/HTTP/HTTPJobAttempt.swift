import WorkflowModel

/// One attempt at a task that starts a job in another system and waits for its end.
///
/// The reply of the submitting call is stored before the first poll, so that no later worker submits again. Between two polls, no worker
/// holds the task.
struct HTTPJobAttempt: Sendable {
    let job: HTTPJob
    let attempt: TaskAttempt
    let exchange: HTTPExchange
    let report: any TaskReport

    private var now: Timestamp { exchange.time.now }

    // MARK: Submitting

    func submit() async -> TaskOutcome {
        switch HTTPTaskRequest.making(submittingCall, for: attempt) {
        case .failure(let fault): return .failed(fault)
        case .success(let request):
            guard !Task.isCancelled else { return .stopped }
            await report.began()
            let call = job.submit
            switch await sent(request) {
            case .failed(let fault): return .failed(fault)
            case .canceled:
                print("\(request.line): ended before a response. Whether it has started a job is not known.")
                await report.wasEnded(TaskEnding(callCanceledAt: now, goneAt: now))
                return .stopped
            case .reply(let reply, let request):
                print("\(request.line): \(reply.summary)")
                if let refusal = exchange.refusal(of: reply, to: call, from: request.host, blame: attempt.definition.blame) {
                    return refusal
                }
                return begun(by: reply, from: request.host)
            }
        }
    }

    /// Sends the call that starts the job. After a stop, a timeout or a shutdown, its response is awaited for a moment, because it says which
    /// job is to be canceled, or goes on.
    private func sent(_ request: HTTPTaskRequest) async -> HTTPExchange.Result {
        let call = job.submit
        let sending = Task {
            await exchange.send(request, following: call.follow, expecting: call.expect, of: attempt, report)
        }
        return await withTaskCancellationHandler {
            await sending.value
        } onCancel: {
            Task {
                try? await exchange.time.sleep(for: HTTPLimits.cancel)
                sending.cancel()
            }
        }
    }

    /// The server can tell by the key that a request is repeated. An attempt has one key, however often it is sent.
    private var submittingCall: HTTPCall {
        var call = job.submit
        if !call.headers.contains(where: { $0.name.lowercased() == HTTPCall.idempotencyKey }) {
            call.headers.append(HTTPCall.Header(name: HTTPCall.idempotencyKey, value: "\(attempt.task)-\(attempt.number)"))
        }
        return call
    }

    private func begun(by reply: HTTPReply, from host: String) -> TaskOutcome {
        guard let value = JSONValue(json: reply.output.text.utf8) else {
            return .failed(HTTPFault.badReply("the response from \(host) is nested too deeply"))
        }
        let references = job.responseReferences
        if reply.isCut, !references.isEmpty {
            return .failed(
                HTTPFault.badReply(
                    "the response from \(host) has more than \(HTTPLimits.replyKept) bytes, so that `poll` cannot name it"))
        }
        let values: ResponseValues
        do throws(MissingValue) {
            values = try ResponseValues(naming: references, in: value)
        } catch {
            return .failed(HTTPFault.badReply("`poll` needs a value of the response from \(host): \(error.sentence)"))
        }
        let bytes = values.json.text.utf8.count
        guard bytes <= ResponseValues.longest else {
            return .failed(
                HTTPFault.badReply(
                    "the values that `poll` names in the response from \(host) have \(bytes) bytes. Accepted: \(ResponseValues.longest) at most."
                ))
        }
        let wait = TaskWait(
            for: .job, until: now + job.poll.every, needsCancel: job.poll.cancel != nil,
            memo: JobMemo(response: values.json).json)
        let runID = value["body"].flatMap { body in job.poll.runID?.scalar(in: body) }
        return .waiting(wait, runID: runID.map { TerminalText.plain($0).prefix(bytes: CommandLimits.runID) })
    }

    // MARK: Polling

    func poll(after wait: TaskWait) async -> TaskOutcome {
        var wait = wait
        wait.checks += 1
        let call = job.poll.call
        switch HTTPTaskRequest.making(call, for: attempt) {
        case .failure(let fault): return .failed(fault)
        case .success(let request):
            guard !Task.isCancelled else { return .stopped }
            switch await exchange.send(request, within: HTTPLimits.poll, of: attempt, report) {
            case .canceled: return .stopped
            case .failed(let fault): return await failed(wait, fault, of: request)
            case .reply(let reply, _):
                if case .failed(let fault, _, let delay)? = exchange.refusal(
                    of: reply, to: call, from: request.host, blame: attempt.definition.blame)
                {
                    return await failed(wait, fault, of: request, retryAfter: delay)
                }
                guard case .json(let text) = reply.content, !reply.isCut, let body = JSONValue(json: text.utf8) else {
                    let problem = reply.isCut ? "is longer than \(HTTPLimits.replyKept) bytes" : "is not JSON"
                    return await failed(wait, HTTPFault.badReply("the response from \(request.host) \(problem)"), of: request)
                }
                return await outcome(of: reply, body, wait, request)
            }
        }
    }

    private func outcome(
        of reply: HTTPReply, _ body: JSONValue, _ wait: TaskWait, _ request: HTTPTaskRequest
    ) async -> TaskOutcome {
        if job.poll.done.matches(body) {
            print("\(request.line): \(reply.summary)")
            return await exchange.outputs(job.poll.call.outputs, of: reply, from: request.host, report)
        }
        if let failure = job.poll.failed, failure.match.matches(body) {
            print("\(request.line): \(reply.summary)")
            return .failed(failure.error(in: body))
        }
        var wait = wait.resumed(at: now + job.poll.every)
        wait.failures = 0
        var memo = JobMemo(json: wait.memo)
        let state = job.poll.done.path.scalar(in: body)
        // A job that runs for hours does not fill the log.
        if memo.shown != state {
            print("\(request.line): \(job.poll.done.path.text) is \(state.map { TerminalText.plain($0) } ?? "not there")")
            memo.shown = state
            wait.memo = memo.json
        }
        return .waiting(wait)
    }

    /// The job goes on while its state cannot be read: another poll follows, unless too many have failed.
    private func failed(
        _ wait: TaskWait, _ fault: RunError, of request: HTTPTaskRequest, retryAfter delay: Duration? = nil
    ) async -> TaskOutcome {
        var wait = wait.resumed(at: now + max(job.poll.every, delay ?? .zero))
        wait.failures += 1
        print("\(request.line): \(fault.message)")
        guard wait.failures >= HTTPLimits.failedPolls else { return .waiting(wait) }
        // Another attempt must not run beside this job.
        await cancel()
        var fault = fault
        fault.message = "the state of the job could not be read \(wait.failures) times in a row: \(fault.message)"
        return .failed(fault)
    }

    // MARK: Canceling

    func cancel() async {
        guard let call = job.poll.cancel else { return await report.wasEnded(TaskEnding(goneAt: now)) }
        let begin = now
        switch HTTPTaskRequest.making(call, for: attempt) {
        case .failure(let fault): print("The job was not canceled: \(fault.message)")
        case .success(let request):
            switch await exchange.send(request, within: HTTPLimits.cancel, of: attempt, report) {
            case .canceled: print("\(request.line): ended before a response")
            case .failed(let fault): print("\(request.line): \(fault.message)")
            case .reply(let reply, _):
                let isExpected = call.expect.contains(reply.status)
                print("\(request.line): \(isExpected ? "" : "the job was not canceled: ")\(reply.summary)")
            }
        }
        await report.wasEnded(TaskEnding(callCanceledAt: begin, goneAt: now))
    }

    private func print(_ line: String) {
        report.printed(attempt.mask.masked(Array((line + "\n").utf8)))
    }
}

/// The notes from one check of a job to the next.
private struct JobMemo {
    var response: JSONValue
    /// The state that was printed last.
    var shown: String?

    init(response: JSONValue) {
        self.response = response
    }

    init(json: JSONText) {
        let value = JSONValue(json: json.text.utf8)
        response = value?["response"] ?? .object(JSONMembers())
        shown = value?["shown"]?.string
    }

    var json: JSONText {
        var members: JSONMembers = ["response": response]
        if let shown { members.add("shown", .string(shown)) }
        return JSONText(.object(members))
    }
}

extension HTTPPoll.Failure {
    /// The error of a task whose job has failed.
    fileprivate func error(in body: JSONValue) -> RunError {
        let state = match.path.scalar(in: body) ?? ""
        let reason = message.flatMap { $0.scalar(in: body) }.map { ": " + TerminalText.plain($0).prefix(HTTPLimits.jobMessage) }
        return RunError(
            attribution: customer?.matches(body) == true ? .customer : .platform, type: "weir.task.http/job",
            message: "the job ended with \(TerminalText.plain(state))\(reason ?? "")",
            data: JSONText(.object(["state": .string(state)])))
    }
}
