extension MemberKind where Value == String {
    static var id: MemberKind {
        MemberKind(
            shape: .text(.id), accepted: MemberReader.acceptedID, read: { $2.id(of: $0, $1) }, written: JSONValue.string)
    }

    /// A name for people, as ``NameRule`` has it.
    static func name(suchAs example: String) -> MemberKind {
        MemberKind(
            shape: .text(.name), accepted: "a text such as \(example.quoted)", read: { $2.name(of: $0, $1) },
            written: JSONValue.string)
    }

    static var zone: MemberKind {
        text(.zone, accepted: "the IANA name of a zone, such as `Europe/London`")
    }

    static var cron: MemberKind {
        text(.cron, accepted: "a cron expression in quotes, such as \"30 6 * * *\"")
    }

    /// A URL that can hold expressions.
    static var urlTemplate: MemberKind {
        text(.url, accepted: "a URL such as `https://shop.example/hook`") { text in
            do throws(SubstitutionProblem) {
                let template = try URLTemplate.template(text)
                return URLFault(of: URLTemplate.sample(of: template)).map { ", but \(text.quoted) \($0.sentence)" }
            } catch {
                return ", but \(text.quoted) \(error.message)"
            }
        }
    }

    static var receiver: MemberKind {
        text(.receiver, accepted: "the name of a receiver: \(AlertReceiver.nameRule)") { text in
            AlertReceiver.isName(text) ? nil : ", not \(text.quoted)"
        }
    }

    static var secretName: MemberKind {
        text(.secretName, accepted: SecretRule.nameWords) { text in
            SecretRule.accepts(name: text) ? nil : ", not \(text.quoted)"
        }
    }

    static var pattern: MemberKind {
        text(.pattern, accepted: "a pattern in quotes, such as `'[a-z]{2}-[0-9]+'`") { text in
            guard text.utf8.count <= ParameterLimits.patternBytes else {
                return ", of \(ParameterLimits.patternBytes) bytes at most"
            }
            do throws(TextPatternProblem) {
                _ = try TextPattern(text)
                return nil
            } catch {
                return ", but \(text.quoted) \(error.message)"
            }
        }
    }

    static var description: MemberKind {
        text(.description, accepted: "a text of 1 to \(ParameterLimits.descriptionBytes) bytes") { text in
            let isAccepted = text.utf8.count <= ParameterLimits.descriptionBytes && text.contains { !$0.isWhitespace }
            return isAccepted ? nil : ", not one of \(text.utf8.count) bytes"
        }
    }

    static var body: MemberKind {
        text(.any, accepted: "a text (`json` takes other values)")
    }

    /// - Parameter fault: how the complaint about a text goes on that is not accepted; nil for one that is.
    static func text(
        _ shape: TextShape, accepted: String, fault: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> MemberKind {
        MemberKind(
            shape: .text(shape), accepted: accepted,
            read: { node, name, members in
                guard let text = members.text(of: node, name, accepted) else { return nil }
                guard let fault = fault(text) else { return text }
                members.complain(node, "\(name.quoted) must be \(accepted)\(fault)")
                return nil
            },
            written: JSONValue.string)
    }
}

extension MemberKind where Value == Duration {
    static func duration(allowingZero: Bool = false) -> MemberKind {
        MemberKind(
            shape: .text(allowingZero ? .duration : .durationLongerThanNothing), accepted: Duration.configurationForm,
            read: { $2.duration(of: $0, $1, allowingZero: allowingZero) }, written: { .string($0.configurationText) })
    }
}

extension MemberKind where Value == Duration {
    static var afterStop: MemberKind {
        MemberKind(
            shape: .text(.afterStop), accepted: Duration.configurationForm,
            read: { $2.duration(of: $0, $1, allowingZero: true, upTo: ConfigurationLimits.longestAfterStop) },
            written: { .string($0.configurationText) })
    }
}

extension MemberKind where Value == Int {
    static func whole(in range: ClosedRange<Int>) -> MemberKind {
        MemberKind(
            shape: .whole(range), accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            read: { $2.whole($0, $1, in: range) }, written: { .integer(Int64($0)) })
    }
}

extension MemberKind where Value == Double {
    static func decimal(in range: ClosedRange<Double>) -> MemberKind {
        MemberKind(
            shape: .decimal(range), accepted: "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))",
            read: { $2.decimal($0, $1, in: range) },
            written: { Int64(exactly: $0).map(JSONValue.integer) ?? .number("\($0)") })
    }
}

extension MemberKind where Value == Bool {
    static var flag: MemberKind {
        MemberKind(
            shape: .flag, accepted: "`true` or `false`", read: { $2.flag(of: $0, $1) }, written: JSONValue.bool)
    }
}

extension MemberKind where Value == Timestamp {
    static var instant: MemberKind {
        MemberKind(
            shape: .text(.instant), accepted: Timestamp.acceptedForms, read: { $2.instant(of: $0, $1) },
            written: { .string($0.iso8601) })
    }
}

extension MemberKind where Value == ConditionExpression {
    static var condition: MemberKind {
        let accepted = "a condition such as `${outputs.check.rows} > 0`"
        return MemberKind(
            shape: .text(.condition), accepted: accepted,
            read: { node, name, members in
                guard let text = members.text(of: node, name, accepted) else { return nil }
                do throws(SubstitutionProblem) {
                    return try ConditionExpression(text)
                } catch {
                    members.complain(node, "\(name.quoted) \(error.message)")
                    return nil
                }
            },
            written: { _ in .null })
    }
}

extension MemberKind where Value: CaseIterable & RawRepresentable<String> {
    /// One of the values of an enumeration.
    static func choice(of type: Value.Type) -> MemberKind {
        let values = type.allCases.map(\.rawValue)
        return MemberKind(
            shape: .choice(values), accepted: values.listed(before: "or"), read: { $2.choice($0, $1, of: type) },
            written: { .string($0.rawValue) })
    }
}

extension MemberKind {
    /// A list of values of an enumeration, each once, at least one.
    static func choices<Choice: CaseIterable & RawRepresentable<String> & Hashable & Sendable>(of type: Choice.Type) -> MemberKind
    where Value == Set<Choice> {
        let values = type.allCases.map(\.rawValue)
        return MemberKind(
            shape: .choices(values), accepted: "a list of one or more of " + values.listed(before: "and"),
            read: { $2.choices($0, $1, of: type) },
            written: { chosen in .array(type.allCases.filter(chosen.contains).map { .string($0.rawValue) }) })
    }
}

extension MemberKind where Value == SourceNode {
    /// A value that the reader of the mapping takes apart itself.
    static func node(_ shape: MemberShape, accepted: String = "") -> MemberKind {
        MemberKind(shape: shape, accepted: accepted, read: { node, _, _ in node }, written: { _ in .null })
    }
}
