import WorkflowModel

/// The parameters and tasks of a configuration on the wire, as they are understood: with defaults in their places.
extension JSONWriter {
    /// The members `parameters`, `triggers` and `tasks`; nothing when the text cannot be read.
    mutating func definition(_ configuration: WorkflowConfiguration?, of tenant: Tenant) {
        guard let configuration else { return }
        if !configuration.parameters.isEmpty {
            name("parameters")
            array(of: configuration.parameters) { json, parameter in json.parameter(parameter) }
        }
        if !configuration.triggers.isEmpty {
            name("triggers")
            array(of: configuration.triggers) { json, trigger in json.trigger(trigger, of: configuration.id, tenant) }
        }
        name("tasks")
        array(of: configuration.stages.flatMap { stage in stage.tasks.map { (stage: stage.name, task: $0) } }) { json, placed in
            json.definition(of: placed.task, in: placed.stage)
        }
    }

    private mutating func trigger(_ trigger: WorkflowTrigger, of configuration: String, _ tenant: Tenant) {
        object { json in
            switch trigger.event {
            case .after(let ending):
                json.member("after", ending.configuration)
                json.name("on")
                json.array(of: TriggerEnd.allCases.filter(ending.on.contains)) { $0.string($1.rawValue) }
            case .webhook(let webhook):
                json.member("webhook", webhook.name)
                json.member("path", Paths.hook(webhook.name, of: configuration, tenant: tenant))
                json.member("secret", webhook.secret)
            }
            json.member("run_mode", trigger.runMode?.rawValue)
            if trigger.range != .none { json.member("range", trigger.range.rawValue) }
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
