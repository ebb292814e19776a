import WorkflowModel

/// The outputs that a call picks from its reply.
enum PickedOutputs {
    /// - Returns: a JSON object; an error attributed to the customer when the reply lacks one of the values.
    static func pick(_ outputs: [HTTPCall.Output], from reply: HTTPReply, host: String) -> Result<JSONText, RunError> {
        guard !reply.isCut else {
            return failure(
                "the response from \(host) has more than \(HTTPLimits.replyKept) bytes, so that no `outputs` are picked from it")
        }
        guard case .json(let text) = reply.content, let body = JSONValue(json: text.utf8) else {
            return failure("the response from \(host) is not JSON, so that no `outputs` can be picked from it")
        }
        var members: [String] = []
        for output in outputs {
            guard let value = output.path.value(in: body) else {
                return failure("the response from \(host) has no value at \(output.path.text), for the output \(output.name)")
            }
            members.append("\(JSONValue.string(output.name).text):\(value.text)")
        }
        let object = "{\(members.joined(separator: ","))}"
        guard object.utf8.count <= CommandLimits.outputFile else {
            return failure("the outputs picked from the response of \(host) have more than \(CommandLimits.outputFile) bytes")
        }
        return .success(JSONText(validated: object))
    }

    private static func failure(_ message: String) -> Result<JSONText, RunError> {
        .failure(RunError(attribution: .customer, type: "weir.task.http/outputs", message: message))
    }
}
