import WorkflowModel

/// The parameters and tasks of a configuration on the wire, as they are understood: with defaults in their places.
extension JSONWriter {
    /// The members `parameters` and `tasks`; nothing when the text cannot be read.
    mutating func definition(_ configuration: WorkflowConfiguration?) {
        guard let configuration else { return }
        if !configuration.parameters.isEmpty {
            name("parameters")
            array(of: configuration.parameters) { json, parameter in json.parameter(parameter) }
        }
        name("tasks")
        array(of: configuration.stages.flatMap { stage in stage.tasks.map { (stage: stage.name, task: $0) } }) { json, placed in
            json.definition(of: placed.task, in: placed.stage)
        }
    }

    private mutating func parameter(_ parameter: ParameterDefinition) {
        object { json in
            json.member("name", parameter.name)
            json.member("type", parameter.kind.rawValue)
            json.member("description", parameter.about)
            json.name("required")
            json.boolean(parameter.isRequired)
            json.value("default", parameter.standard?.written)
            json.value("minimum", parameter.minimum)
            json.value("maximum", parameter.maximum)
            json.member("min_length", parameter.length?.lowerBound)
            json.member("max_length", parameter.length?.upperBound)
            json.member("pattern", parameter.pattern?.text)
            json.value("enum", parameter.choices.map { .array($0.map { .string($0.text) }) })
        }
    }

    private mutating func definition(of task: TaskDefinition, in stage: String) {
        object { json in
            json.member("id", task.id)
            json.member("label", task.label)
            json.member("type", task.type)
            json.member("stage", stage)
            json.member("when", task.when == .success ? nil : task.when.rawValue)
            json.member("if", task.gate?.description)
            json.value("needs", task.needs.isEmpty ? nil : .array(task.needs.map(JSONValue.string)))
            json.member("timeout_ms", task.timeout)
            guard !task.env.isEmpty else { return }
            var variables = JSONMembers()
            for variable in task.env { variables.add(variable.name, .string(variable.value)) }
            json.value("env", .object(variables))
        }
    }

    /// A member with a value; nothing for nil.
    private mutating func value(_ name: StaticString, _ value: JSONValue?) {
        guard let value else { return }
        self.name(name)
        json(JSONText(value))
    }
}
