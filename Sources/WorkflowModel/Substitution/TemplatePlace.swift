/// A place in a task, and whether `${…}` is substituted there.
enum TemplatePlace: Hashable, Sendable {
    case argument
    /// The program of a command, and the script of an interpreter.
    case program
    /// The program, or the flag behind which its code stands.
    case code(flag: String)
    /// Behind a program that runs its arguments as another one.
    case wrapped(by: String)
    case body
    case variable
    case url
    case header
    case json
    /// The certificate of a call, or its key.
    case certificate
    /// The value of a parameter of a run.
    case parameter

    /// Why expressions are refused here, as the end of a sentence; nil where they are accepted.
    ///
    /// Other texts with `${`, such as variables of a shell, stay as they are in these places.
    var refusal: String? {
        switch self {
        case .argument, .variable, .url, .header, .json, .certificate, .parameter: nil
        case .program: "in a place that decides which program runs; write the name of the program out"
        case .code(let flag):
            "in code behind `\(flag)`, where its value would be executed; give the value as an argument of its own, or in `env`"
        case .wrapped(let name):
            "behind `\(name)`, which runs its arguments; give the value in `env`, or write an interpreter and its script before it"
        case .body: "in `body`, which is sent as it is; use `json`, or `headers`"
        }
    }

    /// Why a secret is refused here, although other values are accepted; nil where it is accepted.
    private var secretRefusal: String? {
        switch self {
        case .variable, .header, .json, .certificate: nil
        case .argument: "in an argument, which other users of the machine can see; give it to the command in `env`"
        case .url: "in `url`, which servers and proxies write into their logs; give it in `headers` or `json`"
        case .parameter: "in a parameter of a run, which is kept and shown; the called workflow can name the secret itself"
        case .program, .code, .wrapped, .body: "here; give it in `env`, `headers` or `json`"
        }
    }

    /// The template of a text.
    /// - Throws: ``SubstitutionProblem``, whose message follows the name of the place.
    func template(_ text: String) throws(SubstitutionProblem) -> TextTemplate {
        guard let refusal else {
            let template = try TextTemplate(text)
            if let secretRefusal, let secret = template.references.first(where: { $0.root == .secrets }) {
                throw SubstitutionProblem(message: "has `${\(secret.description)}` \(secretRefusal)")
            }
            return template
        }
        if let found = Self.expression(in: text) {
            throw SubstitutionProblem(message: "has \(found.quoted) \(refusal)")
        }
        return TextTemplate(literal: text)
    }

    /// The template of a text that was accepted: by an older version, also with texts that are no expressions.
    func acceptedTemplate(_ text: String) -> TextTemplate {
        guard TextTemplate.hasSyntax(text), let template = try? template(text) else { return TextTemplate(literal: text) }
        return template
    }

    /// The first text that looks like an expression, and not like a variable of a shell: `${run.id}`, but neither `${HOME}` nor `${run[0]}`.
    static func expression(in text: String) -> String? {
        guard TextTemplate.hasSyntax(text) else { return nil }
        let roots = Reference.Root.allCases.map(\.rawValue)
        let (dollar, brace) = (UInt8(ascii: "$"), UInt8(ascii: "{"))
        let bytes = Array(text.utf8)
        for place in bytes.indices.dropLast() where bytes[place] == dollar && bytes[place + 1] == brace {
            let isEscaped = place > 0 && bytes[place - 1] == dollar
            let inside = bytes[(place + 2)...].drop { $0 == UInt8(ascii: " ") }
            guard !isEscaped, roots.contains(where: { inside.starts(with: Array($0.utf8) + [UInt8(ascii: ".")]) }) else { continue }
            let end = inside.firstIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? inside.endIndex
            return String(decoding: bytes[place..<end], as: UTF8.self)
        }
        return nil
    }
}
