/// The members of `http`.
enum HTTPMembers {
    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    /// The methods whose calls carry the task's inputs unless the configuration says otherwise.
    static let methodsWithInputs = ["POST", "PUT", "PATCH"]
    static let methodsWithBody = methodsWithInputs + ["DELETE"]
    static let statuses = 100...599
    static let expected = 200...299

    static let method = Member(
        "method", .node(.choice(methods), accepted: methods.listed(before: "or")), otherwise: "`GET`",
        "The method of the call, in capitals.",
        example: "POST")
    static let url = Member(
        "url", .urlTemplate, isRequired: true,
        "The address. Behind scheme, host and port it can hold `${…}`, whose values are percent-encoded.",
        example: "\"https://shop.example/days/${parameters.day}\"")
    static let headers = Member(
        "headers", .node(.map(names: .header, values: .text(.headerValue), count: ConfigurationLimits.headers)),
        "Headers of the call, each once in any case. Values can hold `${…}`.", example: "{x-source: weir}")
    static let expect = Member(
        "expect", .node(.oneOrMore(.whole(statuses))), otherwise: "\(expected.lowerBound) to \(expected.upperBound)",
        "The status or statuses that count as success.", example: "[200, 202]")
    static let body = Member(
        "body", .body, otherwise: "the task's inputs as JSON with POST, PUT and PATCH, else no body", "The body as a text.",
        example: "\"day=2026-11-01\"")
    static let json = Member(
        "json", .node(.anything), otherwise: "as for `body`",
        "The body as a value, which is sent as JSON. Its texts can hold `${…}`; a text that is one expression becomes the value, with its type.",
        example: "{text: done, rows: \"${outputs.load.rows}\"}")

    static let follow = DefaultedMember(
        "follow", .whole(in: ConfigurationLimits.redirections), default: 0,
        "Redirections that are followed at most: never to another scheme, and to another host without the call's credentials.",
        example: "3")
    static let outputs = Member(
        "outputs", .node(.map(names: .outputName, values: .text(.replyPath), count: ConfigurationLimits.replyOutputs)),
        otherwise: "status, headers and body of the reply",
        "The outputs of the task, each with the path of its value in the JSON body of the reply.",
        example: "{run_id: run.id, first: items.0}")

    static let clientCertificate = Member(
        "client_certificate", .node(.mapping(ClientCertificateMembers.mapping)), otherwise: "none",
        "The certificate by which the call identifies itself (mutual TLS), also those of `poll` and `cancel`. A redirection to another host "
            + "does not get it. The `url` begins with `https`.",
        example: "{certificate: \"${secrets.spark-certificate}\", key: \"${secrets.spark-key}\"}")

    static let poll = Member(
        "poll", .node(.mapping(PollMembers.mapping)), otherwise: "the task ends with the reply",
        "Waits for a job that the call has started, without holding a worker. `outputs` are then picked from the last reply of the poll. "
            + "`timeout` covers the call and the wait.",
        example: "{url: \"https://spark.example/api/runs/${response.body.run_id}\", done: {path: state, in: [SUCCESS]}}")

    static let mapping = ConfigurationMapping(
        "http", example: "{method: POST, url: \"https://shop.example/hook\"}", "An HTTP call.",
        [method, url, headers, expect, body, json, follow, clientCertificate, outputs, poll],
        rules: [
            .atMostOne([body.name, json.name]), .needsValue(body.name, of: method.name, in: methodsWithBody),
            .needsValue(json.name, of: method.name, in: methodsWithBody),
        ])
}
