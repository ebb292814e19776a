/// Reads the `http` member of a task.
struct HTTPCallReader {
    private let complaints: Complaints

    init(_ complaints: Complaints) {
        self.complaints = complaints
    }

    func call(_ node: SourceNode, _ task: MemberReader) -> (TaskAction?, [WrittenExpression])? {
        guard let members = MemberReader(node, HTTPMembers.mapping, place: "\(task.place), `http`", complaints) else { return nil }
        let method = method(members, HTTPMembers.method, standard: "GET")
        let url = members[HTTPMembers.url]
        let headers = headers(members)
        let expect = expect(members)
        let body = body(members, method: method)
        guard let method, let url else { return nil }
        var call = HTTPCall(method: method, url: url, headers: headers, expect: expect, body: body)
        call.follow = members[HTTPMembers.follow]
        call.outputs = HTTPOutputsReader(members).outputs
        let identity = ClientCertificateReader(complaints: complaints).certificate(url, members)
        call.clientCertificate = identity.certificate
        let expressions = HTTPExpressions(call: call, members: members).expressions() + identity.expressions
        guard members.has(HTTPMembers.poll) else { return (.http(call), expressions) }
        guard let node = members.node(HTTPMembers.poll),
            let read = HTTPPollReader(complaints: complaints, submit: call).job(node, members)
        else { return (nil, expressions) }
        return (.job(read.job), expressions + read.expressions)
    }

    func method(_ members: MemberReader, _ member: Member<SourceNode>, standard: String) -> String? {
        guard members.has(member) else { return standard }
        let accepted = member.kind.accepted
        guard let node = members.node(member), let text = members.text(of: node, "method", accepted) else { return nil }
        guard HTTPMembers.methods.contains(text) else {
            let isInCapitals = text == text.uppercased()
            members.complain(node, "`method` must be \(accepted)\(isInCapitals ? "" : ", in capitals"), not \(text.quoted)")
            return nil
        }
        return text
    }

    func headers(_ members: MemberReader) -> [HTTPCall.Header] {
        guard let node = members.node(HTTPMembers.headers) else { return [] }
        guard case .mapping(let entries) = node.content else {
            members.complain(node, "`headers` must be a mapping such as `{x-source: weir}`, not \(node.kind)")
            return []
        }
        if entries.count > ConfigurationLimits.headers {
            members.complain(node, "`headers` may have \(ConfigurationLimits.headers) at most, not \(entries.count)")
        }
        var lines: [String: Int] = [:]
        return entries.compactMap { entry in
            if let first = lines[entry.name.lowercased()] {
                members.complain(entry.line, "the header \(entry.name.quoted) is already set in line \(first)")
            }
            lines[entry.name.lowercased()] = lines[entry.name.lowercased()] ?? entry.line
            return header(entry, members)
        }
    }

    private func header(_ entry: SourceNode.Entry, _ members: MemberReader) -> HTTPCall.Header? {
        guard !entry.name.isEmpty, entry.name.utf8.allSatisfy({ $0.isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }) else {
            members.complain(
                entry.line, "\(entry.name.quoted) is not a header name; accepted are letters, digits and `-`")
            return nil
        }
        guard !["content-length", "transfer-encoding", "connection", "host"].contains(entry.name.lowercased()) else {
            members.complain(entry.line, "the header \(entry.name.quoted) is set by the service itself; leave it out")
            return nil
        }
        guard let value = members.text(of: entry.value, "headers", "a mapping of texts") else { return nil }
        guard value.unicodeScalars.allSatisfy({ !$0.isControl || $0 == "\t" }), value.utf8.count <= ConfigurationLimits.headerBytes
        else {
            members.complain(
                entry.value,
                "the value of the header \(entry.name.quoted) must be one line of \(ConfigurationLimits.headerBytes) bytes at most")
            return nil
        }
        return HTTPCall.Header(name: entry.name, value: value)
    }

    /// A status or a list of statuses.
    func expect(_ members: MemberReader) -> Set<Int> {
        guard let node = members.node(HTTPMembers.expect) else { return Set(HTTPMembers.expected) }
        guard case .list(let items) = node.content else {
            return members.whole(node, "expect", in: HTTPMembers.statuses).map { [$0] } ?? []
        }
        if items.isEmpty { members.complain(node, "`expect` must be a status or a list of statuses, not an empty list") }
        return Set(items.compactMap { members.whole($0, "expect", in: HTTPMembers.statuses) })
    }

    /// `body` is sent as it is, `json` as a JSON value. Without both, methods with a body send the task's inputs.
    private func body(_ members: MemberReader, method: String?) -> HTTPCall.Body {
        let carriesBody = method.map(HTTPMembers.methodsWithInputs.contains) ?? false
        if members.has(HTTPMembers.body), members.has(HTTPMembers.json) {
            members.complain(members.line, "`body` and `json` exclude each other; leave one of them out")
            return .none
        }
        for member: any DescribedMember in [HTTPMembers.body, HTTPMembers.json] {
            if members.has(member), let method, !HTTPMembers.methodsWithBody.contains(method) {
                members.complain(
                    members.line, "a \(method) call cannot have \(member.name.quoted); POST, PUT, PATCH and DELETE can")
                return .none
            }
        }
        if members.node(HTTPMembers.body) != nil {
            return members[HTTPMembers.body].map(HTTPCall.Body.text) ?? .none
        }
        // `json: null` sends null.
        if let node = members.value(HTTPMembers.json) { return .json(node.json) }
        return carriesBody ? .inputs : .none
    }
}
