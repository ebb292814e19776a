/// Reads the member `poll` of an HTTP call.
struct HTTPPollReader {
    let complaints: Complaints
    /// The call that starts the job.
    let submit: HTTPCall

    /// - Parameter http: the members of the call.
    func job(_ node: SourceNode, _ http: MemberReader) -> (job: HTTPJob, expressions: [WrittenExpression])? {
        guard let members = MemberReader(node, PollMembers.mapping, place: "\(http.place), `poll`", complaints) else { return nil }
        let read = call(members, HTTPMembers.method, standard: "GET")
        let done = members.require(PollMembers.done, "a mapping such as \(PollMembers.done.description.example.quoted)").flatMap {
            match($0, PollMatchMembers.mapping, in: "`done`", of: members)
        }
        let failed = members.node(PollMembers.failed).flatMap { failure($0, members) }
        let (every, runID) = (members[PollMembers.every], members[PollMembers.runID])
        let cancel = members.node(PollMembers.cancel).flatMap { node in
            MemberReader(node, CancelMembers.mapping, place: "\(members.place), `cancel`", complaints).flatMap {
                call($0, CancelMembers.method, standard: "POST")
            }
        }
        guard let read, let done else { return nil }
        var poll = HTTPPoll(call: read.call, every: every, done: done, failed: failed, runID: runID, cancel: cancel?.call)
        poll.call.outputs = submit.outputs
        return (HTTPJob(submit: submit, poll: poll), read.expressions + (cancel?.expressions ?? []))
    }

    /// A call with the headers of the submitting one, unless it has its own, and with its client certificate.
    private func call(
        _ members: MemberReader, _ methodMember: Member<SourceNode>, standard: String
    ) -> (call: HTTPCall, expressions: [WrittenExpression])? {
        let reader = HTTPCallReader(complaints)
        let method = reader.method(members, methodMember, standard: standard)
        let url = members[HTTPMembers.url]
        let own = reader.headers(members)
        let expect = reader.expect(members)
        let body = body(members, method: method)
        guard let method, let url else { return nil }
        var call = HTTPCall(method: method, url: url, headers: own, expect: expect, body: body)
        let expressions = HTTPExpressions(call: call, members: members).expressions().map { expression in
            var expression = expression
            expression.takesResponse = true
            return expression
        }
        call.headers = inherited(besides: own) + own
        call.clientCertificate = submit.clientCertificate
        return (call, expressions)
    }

    private func inherited(besides own: [HTTPCall.Header]) -> [HTTPCall.Header] {
        // They are about the body of the submitting call, or about submitting once.
        let left = ["content-type", "content-encoding", "content-language", HTTPCall.idempotencyKey]
        let replaced = left + own.map { $0.name.lowercased() }
        return submit.headers.filter { !replaced.contains($0.name.lowercased()) }
    }

    private func body(_ members: MemberReader, method: String?) -> HTTPCall.Body {
        guard let node = members.value(HTTPMembers.json) else { return .none }
        if let method, !HTTPMembers.methodsWithBody.contains(method) {
            members.complain(node, "a \(method) call cannot have `json`; POST, PUT, PATCH and DELETE can")
            return .none
        }
        return .json(node.json)
    }

    private func match(
        _ node: SourceNode, _ mapping: ConfigurationMapping, in place: String, of poll: MemberReader
    ) -> HTTPPoll.Match? {
        MemberReader(node, mapping, place: "\(poll.place), \(place)", complaints).flatMap { match($0, PollMatchMembers.values) }
    }

    private func match(_ members: MemberReader, _ values: Member<SourceNode>) -> HTTPPoll.Match? {
        let path = members[PollMatchMembers.path]
        let node = members.require(values, "a list such as \(values.description.example.quoted)")
        guard let node, let texts = texts(node, values, members), let path else { return nil }
        return HTTPPoll.Match(path: path, values: texts)
    }

    private func texts(_ node: SourceNode, _ member: Member<SourceNode>, _ members: MemberReader) -> Set<ExactText>? {
        let items = if case .list(let items) = node.content { items } else { [node] }
        let (count, bytes) = (ConfigurationLimits.pollStates, ConfigurationLimits.pollStateBytes)
        let accepted = "a list of \(count.lowerBound) to \(count.upperBound) texts of at most \(bytes) bytes"
        guard count.contains(items.count) else {
            members.complain(node, "\(member.name.quoted) must be \(accepted), not \(items.count)")
            return nil
        }
        var texts: Set<ExactText> = []
        for item in items {
            guard let text = members.text(of: item, member.name, accepted) else { return nil }
            guard text.utf8.count <= bytes else {
                members.complain(item, "\(member.name.quoted) must be \(accepted), not one of \(text.utf8.count) bytes")
                return nil
            }
            texts.insert(ExactText(text))
        }
        return texts
    }

    private func failure(_ node: SourceNode, _ poll: MemberReader) -> HTTPPoll.Failure? {
        guard let members = MemberReader(node, PollFailureMembers.mapping, place: "\(poll.place), `failed`", complaints) else {
            return nil
        }
        let match = match(members, PollMatchMembers.values)
        let message = members[PollFailureMembers.message]
        let customer = members.node(PollFailureMembers.attribution).flatMap { node in
            MemberReader(node, PollBlameMembers.mapping, place: "\(members.place), `attribution`", complaints).flatMap {
                self.match($0, PollBlameMembers.customer)
            }
        }
        return match.map { HTTPPoll.Failure(match: $0, customer: customer, message: message) }
    }
}
