/// A variable in the environment of a command.
public struct EnvironmentVariable: Hashable, Sendable {
    @Exact public var name: String
    /// As the configuration writes it.
    @Exact public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension TaskDefinition {
    /// The values that its texts and its condition name, for each attempt. A list of items is resolved before.
    public var references: [Reference] {
        var references = gate?.references ?? []
        switch action {
        case .command(let items):
            for (item, place) in zip(items, CommandPlaces.places(of: items)) where TextTemplate.hasSyntax(item) {
                references += place.acceptedTemplate(item).references
            }
        case .http(let call):
            references += call.references
        case .job(let job):
            references += job.submit.references + job.poll.call.references + (job.poll.cancel?.references ?? [])
        case .workflow(let call): references += call.template?.references ?? []
        }
        return references + env.flatMap { TemplatePlace.variable.acceptedTemplate($0.value).references }
    }

    /// The definition with values in place of `${…}`, as it is executed.
    /// - Throws: ``SubstitutionFault`` for a value that is missing, or that its place cannot hold.
    public func substituted(from values: some SubstitutionValues) throws(SubstitutionFault) -> TaskDefinition {
        var result = self
        switch action {
        case .command(let items): result.action = .command(try Self.command(items, values))
        case .http(let call): result.action = .http(try call.substituted(from: values))
        case .workflow(let call): result.action = .workflow(try call.substituted(from: values))
        // Its poll names the reply, which comes later.
        case .job(let job): result.action = .job(HTTPJob(submit: try job.submit.substituted(from: values), poll: job.poll))
        }
        result.env = try variables(values)
        return result
    }

    /// The definition with values in the calls that follow the submitting one, for an attempt that goes on.
    /// - Throws: ``SubstitutionFault``
    public func substitutedToResume(from values: some SubstitutionValues) throws(SubstitutionFault) -> TaskDefinition {
        guard case .job(var job) = action else { return self }
        job.poll.call = try job.poll.call.substituted(from: values)
        job.poll.cancel = try job.poll.cancel?.substituted(from: values)
        var result = self
        result.action = .job(job)
        return result
    }

    private static func command(_ items: [String], _ values: some SubstitutionValues) throws(SubstitutionFault) -> [String] {
        guard items.contains(where: TextTemplate.hasSyntax) else { return items }
        var budget = SubstitutionBudget(ConfigurationLimits.commandBytes, of: "The command")
        var result: [String] = []
        for (number, (item, place)) in zip(items, CommandPlaces.places(of: items)).enumerated() {
            let text = try values.text(of: place.acceptedTemplate(item), &budget)
            guard !text.utf8.contains(0) else {
                throw SubstitutionFault(
                    "Item \(number + 1) of the command gets a NUL character from its values, which arguments cannot have.")
            }
            result.append(text)
        }
        return result
    }

    private func variables(_ values: some SubstitutionValues) throws(SubstitutionFault) -> [EnvironmentVariable] {
        guard env.contains(where: { TextTemplate.hasSyntax($0.value) }) else { return env }
        var budget = SubstitutionBudget(ExpressionLimits.environmentBytes, of: "The environment of the task")
        var result: [EnvironmentVariable] = []
        for variable in env {
            try budget.spend(variable.name.utf8.count)
            let text = try values.text(of: TemplatePlace.variable.acceptedTemplate(variable.value), &budget)
            guard !text.utf8.contains(0) else {
                throw SubstitutionFault(
                    "The variable \(variable.name.quoted) gets a NUL character from its values, which variables cannot have.")
            }
            result.append(EnvironmentVariable(name: variable.name, value: text))
        }
        return result
    }
}

extension HTTPCall {
    /// The values that its URL, headers, JSON body and certificate name.
    var references: [Reference] {
        let templates = [urlTemplate] + headers.map { TemplatePlace.header.acceptedTemplate($0.value) }
        return templates.flatMap(\.references) + (jsonTemplate?.references ?? []) + (clientCertificate?.references ?? [])
    }

    var urlTemplate: TextTemplate { (try? URLTemplate.template(url)) ?? TextTemplate(literal: url) }

    /// nil for another body than a JSON value.
    var jsonTemplate: JSONTemplate? {
        guard case .json(let json) = body, TextTemplate.hasSyntax(json.text), let value = JSONValue(json: json.text.utf8) else {
            return nil
        }
        return try? JSONTemplate(value)
    }

    fileprivate func substituted(from values: some SubstitutionValues) throws(SubstitutionFault) -> HTTPCall {
        var result = self
        var budget = SubstitutionBudget(ConfigurationLimits.urlBytes, of: "The URL of the call")
        result.url = try URLTemplate.text(urlTemplate, &budget, values)
        for (index, header) in headers.enumerated() where TextTemplate.hasSyntax(header.value) {
            result.headers[index].value = try Self.header(header, values)
        }
        if let template = jsonTemplate {
            var budget = SubstitutionBudget(ExpressionLimits.jsonBytes, of: "The JSON body of the call")
            result.body = .json(JSONText(try values.value(of: template, &budget)))
        }
        result.clientCertificate = try clientCertificate?.substituted(from: values)
        return result
    }

    private static func header(_ header: Header, _ values: some SubstitutionValues) throws(SubstitutionFault) -> String {
        var budget = SubstitutionBudget(ConfigurationLimits.headerBytes, of: "The header \(header.name.quoted)")
        let text = try values.text(of: TemplatePlace.header.acceptedTemplate(header.value), &budget)
        guard text.unicodeScalars.allSatisfy({ !$0.isControl || $0 == "\t" }) else {
            throw SubstitutionFault(
                "The header \(header.name.quoted) gets a line break or another control character from its values, which headers cannot have."
            )
        }
        return text
    }
}
