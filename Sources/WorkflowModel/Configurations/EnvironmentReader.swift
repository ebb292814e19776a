/// The variables that a configuration can set in the environment of a command.
enum EnvironmentRule {
    static let acceptedNames =
        "1 to \(ExpressionLimits.variableName) letters, digits and `_`, not beginning with a digit or with `WEIR_`"

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !first.isDigit, name.utf8.count <= ExpressionLimits.variableName else { return false }
        return name.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") }
    }

    /// Whether the service sets the variable itself.
    static func isReserved(_ name: String) -> Bool { name.hasPrefix("WEIR_") }

    /// Whether the variable makes programs load or execute something, so that it has to be written out.
    static func executes(_ name: String) -> Bool {
        executing.contains(name) || executingPrefixes.contains(where: name.hasPrefix)
    }

    private static let executingPrefixes = ["LD_", "DYLD_", "BASH_FUNC_", "GIT_CONFIG", "NPM_CONFIG_", "npm_config_"]
    private static let executing = [
        "PATH", "ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PS4", "IFS", "PROMPT_COMMAND", "CDPATH", "SHELL", "ZDOTDIR",
        "PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONUSERBASE", "PYTHONWARNINGS",
        "PERL5OPT", "PERL5LIB", "PERLLIB", "PERL5DB", "RUBYOPT", "RUBYLIB", "NODE_OPTIONS", "NODE_PATH", "PHPRC",
        "PHP_INI_SCAN_DIR",
        "LUA_INIT", "LUA_PATH", "LUA_CPATH", "R_PROFILE", "R_ENVIRON", "R_LIBS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",
        "JDK_JAVA_OPTIONS", "CLASSPATH", "GCONV_PATH", "OPENSSL_CONF", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF",
        "GIT_PAGER",
        "GIT_EDITOR", "GIT_EXEC_PATH", "GIT_ASKPASS", "SSH_ASKPASS", "EDITOR", "VISUAL", "PAGER", "LESSOPEN", "MANPAGER",
    ]
}

/// Reads the `env` of a task, or of defaults.
struct EnvironmentReader {
    let members: MemberReader

    /// The variables in the order in which they are written, and the expressions in them.
    func variables() -> (variables: [EnvironmentVariable], expressions: [WrittenExpression]) {
        guard let node = members.node(TaskMembers.env) else { return ([], []) }
        guard case .mapping(let entries) = node.content else {
            members.complain(
                node, "`env` must be a mapping such as `\(TaskMembers.env.description.example)`, not \(node.kind)")
            return ([], [])
        }
        var variables: [EnvironmentVariable] = []
        var expressions: [WrittenExpression] = []
        for entry in entries {
            guard let (variable, expression) = variable(entry) else { continue }
            variables.append(variable)
            expressions.append(expression)
        }
        if !members.complaints.areOfAcceptedText { Self.check(variables, members.line(of: TaskMembers.env), members) }
        return (variables, expressions)
    }

    /// The number and the size of all variables of a task.
    static func check(_ variables: [EnvironmentVariable], _ line: Int, _ members: MemberReader) {
        if variables.count > ExpressionLimits.variables {
            members.complain(line, "`env` may have \(ExpressionLimits.variables) variables at most, not \(variables.count)")
        }
        let size = variables.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        if size > ExpressionLimits.environmentBytes {
            members.complain(line, "`env` may have \(ExpressionLimits.environmentBytes) bytes together, not \(size)")
        }
    }

    private func variable(_ entry: SourceNode.Entry) -> (EnvironmentVariable, WrittenExpression)? {
        guard EnvironmentRule.isName(entry.name), !EnvironmentRule.isReserved(entry.name) else {
            let reason = EnvironmentRule.isReserved(entry.name) ? ", which only the service sets" : ""
            members.complain(
                entry.line, "`env` has the name \(entry.name.quoted)\(reason); accepted are \(EnvironmentRule.acceptedNames)")
            return nil
        }
        guard !entry.value.isNull else {
            members.complain(entry.value, "the variable \(entry.name.quoted) has no value; write `\"\"` for an empty one")
            return nil
        }
        guard let text = members.text(of: entry.value, "env", "a mapping of texts") else { return nil }
        guard !text.utf8.contains(0) else {
            members.complain(entry.value, "the variable \(entry.name.quoted) contains a NUL character, which variables cannot have")
            return nil
        }
        let place = "the variable \(entry.name.quoted)"
        let expression = WrittenExpression(text, in: .variable, place: place, line: entry.value.line, members)
        if !expression.references.isEmpty, EnvironmentRule.executes(entry.name) {
            members.complain(
                entry.value, "\(place) may not hold `${…}`, because programs load or execute what it names; write its value out")
            return nil
        }
        return (EnvironmentVariable(name: entry.name, value: text), expression)
    }
}
