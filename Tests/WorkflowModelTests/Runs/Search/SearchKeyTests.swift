import Testing

@testable import WorkflowModel

@Suite("The keys of a search")
struct SearchKeyTests {
    @Test(arguments: RunFilterField.all)
    func everyFieldHasAKeyThatReadsIt(field: RunFilterField) throws {
        let named = try #require(SearchKey.named(field.name))
        #expect(named.key == field.searchKey)
        let fields: [RunFilterField?] =
            switch field.searchKey.form {
            case .values(let included, let excluded): [included, excluded]
            case .states: [.state]
            case .time(let field), .least(let field), .flag(let field): [field]
            case .span(let from, let to), .durations(let from, let to): [from, to]
            case .sortKey, .direction: []
            }
        #expect(fields.contains(field))
    }

    @Test func noTwoKeysHaveTheSameName() {
        let names = SearchKey.allCases.flatMap(\.names)
        #expect(Set(names).count == names.count && names == names.map(SearchKey.folded))
        for field in RunFilterField.all {
            guard let key = SearchKey.allCases.first(where: { $0.names.contains(SearchKey.folded(field.name)) }) else { continue }
            #expect(key == field.searchKey, "\(field.name) would be another key than its field has")
        }
    }

    @Test(arguments: SearchKey.allCases)
    func aKeySaysWhatItMeansAndWhatItAccepts(key: SearchKey) {
        #expect(key.summary.first?.isUppercase == true && !key.summary.hasSuffix(".") && key.summary.count <= 80)
        #expect(!key.acceptedValues.isEmpty && !key.acceptedValues.hasSuffix("."))
        #expect(SearchToken.keyLength(of: key.name + ":") == key.name.count)
    }
}
